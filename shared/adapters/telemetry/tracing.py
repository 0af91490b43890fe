"""Spans, and how one leads to the next across stores, the topic and services.

What a task has read is the cause of what it writes: whoever reads facts that carry a trace goes on
with it where there is one, and links to all where there are several, since a batch has many causes.
So there is a span for each batch and none for a fact, and nobody who decides, relays or projects
has to know of any.

What stands beside a fact and in the header of its message is a `traceparent` of W3C Trace Context:
ids made by chance, which name neither a person nor a request.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, SpanContext, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

from shared.adapters.telemetry import contract
from shared.kernel.errors import Conflict, Refused

TRACEPARENT = "traceparent"
LINKS_MAX = 128
"""So many causes are linked at most; of more, the first."""

_KINDS: Mapping[contract.SpanKind, trace.SpanKind] = {
    "server": trace.SpanKind.SERVER,
    "internal": trace.SpanKind.INTERNAL,
    "producer": trace.SpanKind.PRODUCER,
    "consumer": trace.SpanKind.CONSUMER,
}
_PROPAGATOR = TraceContextTextMapPropagator()
_read: ContextVar[tuple[str, ...]] = ContextVar("traces of what was read last", default=())

Attributes = Mapping[str, AttributeValue]


def read(traces: Iterable[str]) -> None:
    """This task has read what carries these traces; those that are empty say nothing."""
    _read.set(tuple(dict.fromkeys(filter(None, traces)))[:LINKS_MAX])


class Tracing:
    """Makes spans."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    @contextmanager
    def span(self, told: contract.Span, attributes: Attributes) -> Iterator[trace.Span]:
        """A span around what is done: a child of the one around it, or of what was read last.

        What is refused, or done by another first, is no failure of whoever tried it.
        """
        context, links = _origin()
        with self._tracer.start_as_current_span(
            _named(told.name, attributes),
            context=context,
            kind=_KINDS[told.kind],
            attributes=attributes,
            links=links,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except (Conflict, Refused):
                raise
            except BaseException as error:
                span.set_attribute(contract.ERROR.name, type(error).__name__)
                span.set_status(Status(StatusCode.ERROR))
                raise

    def request(self, told: str, stranger: str) -> trace.Span:
        """A span of a request, named anew when its route is known; the caller ends it.

        The trace of a `stranger` is linked, not gone on with: it is not theirs to say what is kept.
        """
        return self._tracer.start_span(
            told, context=Context(), kind=trace.SpanKind.SERVER, links=_links([stranger])
        )


def traceparent(span: trace.Span) -> str:
    """What stands beside what is written within a span; nothing where it is not kept."""
    if not span.get_span_context().trace_flags.sampled:
        return ""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, trace.set_span_in_context(span))
    return carrier.get(TRACEPARENT, "")


def ids() -> tuple[str, str] | None:
    """Those of the trace and of the span that this task is in, for its log."""
    here = trace.get_current_span().get_span_context()
    if not here.is_valid:
        return None
    return trace.format_trace_id(here.trace_id), trace.format_span_id(here.span_id)


def _origin() -> tuple[Context | None, Sequence[Link]]:
    """From what a new span goes on, and to what it is linked."""
    if trace.get_current_span().get_span_context().is_valid:
        return None, ()
    traces = _read.get()
    if len(traces) == 1:
        return _PROPAGATOR.extract({TRACEPARENT: traces[0]}), ()
    return Context(), _links(traces)


def _links(traces: Iterable[str]) -> Sequence[Link]:
    found = [_context(each) for each in traces]
    return [Link(context) for context in found if context.is_valid]


def _context(text: str) -> SpanContext:
    extracted = _PROPAGATOR.extract({TRACEPARENT: text}, Context())
    return trace.get_current_span(extracted).get_span_context()


def _named(name: str, attributes: Attributes) -> str:
    for attribute, value in attributes.items():
        name = name.replace(f"{{{attribute}}}", str(value))
    return name
