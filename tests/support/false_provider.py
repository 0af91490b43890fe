"""A provider that says whatever a test has it say, and remembers what it was asked."""

import json
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from shared.adapters.identity import discovery_of


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said at a path, so many times; `drip_s` passes between its bytes."""

    content: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    drip_s: float = 0.0
    times: int = 1


def said(document: object) -> Answer:
    """A JSON document."""
    return Answer(json.dumps(document).encode())


@dataclass(slots=True)
class FalseProvider:
    """Answers by path; what it was asked, in order."""

    issuer: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def describe(self, **metadata: object) -> None:
        """Say by discovery that the keys are at /jwks, and whatever else."""
        document = {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks", **metadata}
        self.answers[discovery_of("")] = said(document)


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Whoever does not trust the certificate has left: that is what is tried."""


@contextmanager
def false_provider(certificate: Path | None = None) -> Iterator[FalseProvider]:
    """One that listens until the end of the context; by https, if it has a certificate."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            _send(self, provider.answers.get(self.path, Answer(b"", 404)))

        def log_message(self, *_: object) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    scheme = "http"
    if certificate is not None:
        scheme, context = "https", ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    provider = FalseProvider(f"{scheme}://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    try:
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        if not answer.drip_s:
            for _ in range(answer.times):
                handler.wfile.write(answer.content)
            return
        for byte in answer.content:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(answer.drip_s)
    except (BrokenPipeError, ConnectionResetError):
        pass  # Whoever asked has heard enough.
