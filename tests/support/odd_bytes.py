"""Entries that are odd in their bytes: texts, signs and depths where no field asks for them."""

from collections.abc import Iterator, Sequence

from shared.events.strict import NESTING_MAX
from tests.support.small_cycle import CYCLE

_ENTRY = (
    b'{"data":{"agency":"so-a","cycle":"%(cycle)s","item":"1.1"%(inside)s},'
    b'"datacontenttype":"application/json","id":"odd/%(cycle)s/%(number)d@1"%(beside)s,'
    b'"source":"/submission","specversion":"1.0","subject":"s","time":"%(time)s",'
    b'"type":"submission.ScoreWithdrawn.v1"}'
)
_TIME = b"2021-01-01T00:00:00Z"

NOT_UTF8 = (b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xe1\x80", b"\xf4\x90\x80\x80")
_SIGNS = (b"\x00", b"\x01", b"\t", b"\n", b"\x7f", b"\xe2\x80\xa8", b"[{", b'\\"[')
_ESCAPES = (rb"\x41", rb"\u12", rb"\/", rb"\ud800", rb"\udc00", rb"\ud83d\ude00", rb"\ud800x")
_NUMBERS = (b"01", b"1.", b".5", b"-", b"+1", b"1e", b"1e5", b"1e999", b"-0", b"NaN", b"1.5")
_WORDS = (b"True", b"nul", b"[1,]", b'{"a":1,}', b"{1:2}", b"[}", b"\x0c1", b"\xc2\xa01")
_ENDS = (
    b"9999-12-31T23:59:59.9999994Z",
    b"9999-12-31T23:59:59.9999995Z",
    b"9999-12-31T23:59:59.99999949Z",
    b"9999-12-31T23:59:59.9999999-07:00",
    b"9999-12-31 23:59:59.999999999",
    b"9999-12-30T23:59:59.9999999Z",
    b"0001-01-01T00:00:00+07:00",
)


def nested(levels: int) -> bytes:
    """As many lists, one within the other."""
    return b"[" * levels + b"]" * levels


def odd_entries() -> list[bytes]:
    """All of them, each in a stream of its own."""
    return [_entry(number, **odd) for number, odd in enumerate(_odd(), start=1)]


def _odd() -> Iterator[dict[str, bytes]]:
    for value in _values():
        yield {"inside": b',"more":' + value}
        yield {"beside": b',"more":' + value}
    for name in (*NOT_UTF8, *_SIGNS, *_ESCAPES):
        yield {"beside": b',"m%s":1' % name}
    for time in _ENDS:
        yield {"time": time}


def _values() -> Sequence[bytes]:
    texts = [b'"a%sb"' % each for each in (*NOT_UTF8, *_SIGNS, *_ESCAPES)]
    # The entry is the first level, and `data` the second.
    depths = [nested(NESTING_MAX + more) for more in (-2, -1, 0)]
    return [*texts, *_NUMBERS, *_WORDS, *depths]


def _entry(number: int, *, inside: bytes = b"", beside: bytes = b"", time: bytes = _TIME) -> bytes:
    said = {b"cycle": CYCLE.encode(), b"number": number}
    return _ENTRY % {**said, b"inside": inside, b"beside": beside, b"time": time}
