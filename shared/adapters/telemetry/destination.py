"""To where a process tells what it does."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Destination:
    """To where a process tells; nowhere by itself.

    `otlp` is the address of a collector that takes OTLP over HTTP, to which traces and metrics are
    sent. Metrics are shown on `port` of `host` to whoever scrapes. Of a hundred traces that begin
    here `percent` are kept.
    """

    otlp: str = ""
    host: str = "127.0.0.1"
    port: int | None = None
    percent: int = 100

    @property
    def is_nowhere(self) -> bool:
        """Whether nothing is to be told."""
        return not self.otlp and self.port is None
