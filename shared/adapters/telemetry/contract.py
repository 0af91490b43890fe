"""The contract of what is told about a running system: each span, metric and attribute of it.

Names are those of OpenTelemetry's semantic conventions (1.45) where these have one, and begin with
`cchc.` where they have none. Whoever builds a dashboard or an alert may rely on what stands here:
`tests/telemetry` compares it with what a cycle really emits, and `python -m services telemetry`
prints it. A name is given up only with the version of whoever reads it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

SpanKind = Literal["server", "internal", "producer", "consumer"]
MetricKind = Literal["counter", "gauge", "histogram"]

DURATION_BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something that is told beside a span or a metric; never who somebody is, or what they say."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of work; `{...}` in its name stands for the attribute of that name."""

    name: str
    kind: SpanKind
    meaning: str
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Metric:
    """Something that is measured, in a unit of UCUM."""

    name: str
    kind: MetricKind
    unit: str
    meaning: str
    attributes: tuple[Attribute, ...] = ()


METHOD = Attribute("http.request.method", "the method")
ROUTE = Attribute(
    "http.route",
    "the path as the OpenAPI document writes it, without its values; `refused` at the door",
)
STATUS = Attribute("http.response.status_code", "what was answered")
ERROR = Attribute("error.type", "the status of an answer from 500 on, or the kind of an exception")
SYSTEM = Attribute("messaging.system", "`kafka`")
OPERATION = Attribute("messaging.operation.name", "`send` or `process`")
TOPIC = Attribute("messaging.destination.name", "the topic")
BATCH = Attribute("messaging.batch.message_count", "how many facts were sent, or received, at once")
STORE = Attribute("cchc.store", "`facts`, what the service says, or `inbox`, what it has heard")
STREAM = Attribute("cchc.stream", "the stream, where all facts of the batch are of one")
FACTS = Attribute("cchc.facts", "how many facts were recorded at once")
TYPE = Attribute("cchc.fact.type", "the wire name of the facts")
COLLECTION = Attribute("cchc.collection", "the collection of documents that was written")
DOCUMENTS = Attribute("cchc.documents", "how many documents were written at once")
CONSUMER = Attribute("cchc.consumer", "the loop, as `/ops/lag` names it")
WHY = Attribute("cchc.parked.why", "`parked`, `stopped`, `altered` or `unreadable`")
LEDGER = Attribute("cchc.cycle", "the cycle")
POOL = Attribute("db.client.connection.pool.name", "what the connections are for")
CERTIFICATE = Attribute(
    "cchc.certificate", "`service`, its own one, or `brokers`, of who vouches for these"
)
STATE = Attribute("db.client.connection.state", "`used` or `idle`")

REQUEST = Span(
    "{http.request.method} {http.route}",
    "server",
    "a request of a route that asks who calls, until its answer is sent",
    (METHOD, ROUTE, STATUS, ERROR),
)
APPEND = Span(
    "append facts",
    "internal",
    "facts are recorded in the service's own log, durably",
    (STORE, STREAM, FACTS, ERROR),
)
SEND = Span(
    "send {messaging.destination.name}",
    "producer",
    "a batch of facts is told to the topic, until it is acknowledged",
    (SYSTEM, OPERATION, TOPIC, BATCH, ERROR),
)
PROCESS = Span(
    "process {messaging.destination.name}",
    "consumer",
    "a batch of the topic is kept: in an inbox, or numbered into a ledger",
    (SYSTEM, OPERATION, TOPIC, BATCH, STORE, STREAM, ERROR),
)
SHOW = Span(
    "show documents",
    "internal",
    "documents are written that show what was recorded or heard",
    (COLLECTION, DOCUMENTS, ERROR),
)
SPANS: Sequence[Span] = (REQUEST, APPEND, SEND, PROCESS, SHOW)

REQUEST_DURATION = Metric(
    "http.server.request.duration",
    "histogram",
    "s",
    "how long requests took of routes that ask who calls, until their answer was sent",
    (METHOD, ROUTE, STATUS, ERROR),
)
APPENDED = Metric(
    "cchc.facts.appended",
    "counter",
    "{fact}",
    "facts that were recorded in the service's own log, or in its inbox",
    (STORE, TYPE),
)
READ = Metric(
    "cchc.facts.read",
    "counter",
    "{fact}",
    "facts that a loop read from a store, to tell, show or count them; those of `ranking.rebuild` "
    "to make what is shown again",
    (STORE, CONSUMER),
)
APPEND_DURATION = Metric(
    "cchc.facts.append.duration",
    "histogram",
    "s",
    "how long it took to record facts, with their waiting for others to be recorded with them",
    (STORE, ERROR),
)
SENT = Metric(
    "messaging.client.sent.messages",
    "counter",
    "{message}",
    "facts that the topic acknowledged, or refused (`error.type`)",
    (SYSTEM, OPERATION, TOPIC, ERROR),
)
CONSUMED = Metric(
    "messaging.client.consumed.messages",
    "counter",
    "{message}",
    "records of the topic that were fetched",
    (SYSTEM, OPERATION, TOPIC),
)
LAG = Metric("cchc.consumer.lag", "gauge", "{fact}", "facts that wait for a consumer", (CONSUMER,))
LAG_TIME = Metric(
    "cchc.consumer.lag.time",
    "gauge",
    "s",
    "how long the oldest fact has waited for a consumer",
    (CONSUMER,),
)
FAILING_TIME = Metric(
    "cchc.consumer.failing.time",
    "gauge",
    "s",
    "for how long a consumer has failed in this process, 0 while it does not",
    (CONSUMER,),
)
PARKED = Metric(
    "cchc.parked.streams",
    "gauge",
    "{stream}",
    "streams, or records, that wait for somebody, as `/ops/parked` lists them",
    (WHY,),
)
ENTRIES = Metric("cchc.ledger.entries", "gauge", "{entry}", "entries of a ledger", (LEDGER,))
UNSIGNED_TIME = Metric(
    "cchc.ledger.unsigned.time",
    "gauge",
    "s",
    "for how long a ledger has gone on since its newest checkpoint, 0 where that speaks of all",
    (LEDGER,),
)
ALARMED = Metric(
    "cchc.ledger.alarmed",
    "gauge",
    "1",
    "1 while a ledger is not the one that was signed, and nobody has acknowledged that; else 0",
    (LEDGER,),
)
CONNECTIONS = Metric(
    "db.client.connection.count",
    "gauge",
    "{connection}",
    "connections to PostgreSQL",
    (POOL, STATE),
)
CERTIFIED_TIME = Metric(
    "cchc.certificate.left.time",
    "gauge",
    "s",
    "for how long a certificate is still good by which brokers are spoken to, below 0 it is not; "
    "nothing where they are spoken to in clear",
    (CERTIFICATE,),
)
METRICS: Sequence[Metric] = (
    REQUEST_DURATION,
    APPENDED,
    READ,
    APPEND_DURATION,
    SENT,
    CONSUMED,
    LAG,
    LAG_TIME,
    FAILING_TIME,
    PARKED,
    ENTRIES,
    UNSIGNED_TIME,
    ALARMED,
    CONNECTIONS,
    CERTIFIED_TIME,
)
