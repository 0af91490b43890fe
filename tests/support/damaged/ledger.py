"""Damages to the facts, to how their lines are written, and to what is copied from them."""

from collections.abc import Iterator, Sequence

from shared.count import bundle
from shared.ledger import note
from shared.ledger.line import to_line
from tests.support.bundled import Bundled, facts_of, packed, republished, told_anew
from tests.support.damaged.damage import OTHER_SCORE, RESULTS, ROOTS, SCORE, Codes, Damage

SHORTER = frozenset({"size-differs", "bundle-root-differs", "checkpoint-ahead", "member-foreign"})
"""Without its publication a table has no place any more."""


# --- The facts


def of_facts(good: Bundled) -> Iterator[Damage]:
    members, entries = good.members, good.entries
    score = next(place for place, entry in enumerate(entries) if SCORE in entry)

    def changed(name: str, told: Sequence[bytes], codes: Codes, code: int = 11) -> Damage:
        """Only the facts were changed, and the checksum mended."""
        return Damage(name, packed({**members, bundle.FACTS: facts_of(told)}), code, codes)

    other = [entry.replace(SCORE, OTHER_SCORE) for entry in entries]
    yield changed("a score", other, ROOTS | RESULTS, 13)
    proof = [entry.replace(b"trang 2", b"trang 3") for entry in entries]
    yield changed("a word that counts for nothing", proof, ROOTS, 13)
    last = [*entries[: score + 1], *entries[score + 2 :]]
    gone = SHORTER | {"checkpoint-root-differs", "evidence-differs", "position-impossible"}
    yield changed("the last fact of a stream removed", last, gone, 10)
    first = [*entries[:score], *entries[score + 1 :]]
    yield changed("the first fact of a stream removed", first, gone | {"version-missing"}, 10)
    swapped = [*entries]
    swapped[score + 1], swapped[score + 2] = swapped[score + 2], swapped[score + 1]
    yield changed("two facts of two streams swapped", swapped, ROOTS | {"evidence-differs"}, 13)
    swapped = [*entries]
    swapped[score], swapped[score + 1] = swapped[score + 1], swapped[score]
    moved = frozenset({"version-missing", "version-repeated", "evidence-differs"})
    yield changed("two facts of one stream swapped", swapped, ROOTS | RESULTS | moved)
    for cut, name in ((1, "the publication"), (3, "the last three facts")):
        yield changed(f"{name} cut off", entries[:-cut], SHORTER, 10)
    twice = [*entries[: score + 1], entries[score], *entries[score + 1 :]]
    longer = ROOTS | {"size-differs", "evidence-differs"}
    yield changed("a number twice", twice, longer | {"version-repeated"})
    proof_id = b'"id":"submission/2021/so-y-te@2"'
    skipped = [entry.replace(proof_id, proof_id.replace(b"@2", b"@3")) for entry in entries]
    unproved = frozenset({"version-missing", "evidence-differs", "hindered"})
    yield changed("a version skipped", skipped, ROOTS | unproved)
    foreign = [*entries]
    foreign[score] = entries[score].replace(b"submission/2021/", b"submission/2020/")
    of_another = frozenset({"fact-of-another-cycle", "version-missing"})
    yield changed("a fact of another cycle", foreign, ROOTS | RESULTS | of_another)
    future = [entry.replace(b"ScoreSubmitted.v1", b"ScoreSubmitted.v9") for entry in entries]
    yield changed("a fact of the future", future, ROOTS | RESULTS | {"fact-unreadable"})
    empty = [*entries[:5], b"", *entries[5:]]
    yield changed("an empty line", empty, longer | {"entry-unreadable"})


# --- How lines are written


def of_lines(good: Bundled) -> Iterator[Damage]:
    members, entries = good.members, good.entries
    facts = members[bundle.FACTS]

    def changed(name: str, written: bytes, codes: Codes, code: int = 11) -> Damage:
        return Damage(name, packed({**members, bundle.FACTS: written}), code, codes)

    encoded = b'{"base64":"' + note.to_base64(entries[3]).encode() + b'"}'
    yield changed(
        "base64 where none is needed",
        facts.replace(entries[3], encoded),
        frozenset({"line-malformed"}),
    )
    odd = told_anew(members, [*entries, b"\xff"])
    assert to_line(b"\xff") in odd[bundle.FACTS]
    loose = odd[bundle.FACTS].replace(b'{"base64":"/w=="}', b'{"base64":"/x=="}')
    unreadable = frozenset({"entry-unreadable"})
    yield Damage("an entry that is no text", packed(odd), 11, unreadable)
    yield Damage(
        "base64 with bits left over",
        packed({**odd, bundle.FACTS: loose}),
        11,
        unreadable | {"line-malformed"},
    )
    yield changed("the last line without its end", facts[:-1], frozenset({"line-unended"}))
    ended = facts.replace(b"\n", b"\r\n")
    yield changed("line ends of an editor", ended, ROOTS | {"line-endings-changed"})
    marked = b"\xef\xbb\xbf" + facts
    lost = frozenset({"byte-order-mark", "entry-unreadable", "version-missing", "member-foreign"})
    yield changed("a byte order mark", marked, ROOTS | RESULTS | lost, 10)
    long = facts + b"x" * (4 * 1024 * 1024 + 1) + b"\n"
    yield changed("a line that never ends", long, frozenset({"line-too-long"}))
    manifest = members[bundle.MANIFEST]
    for name, written in (
        ("bundle.json with a blank", manifest.replace(b":", b": ", 1)),
        ("bundle.json with a key twice", manifest[:-1] + b',"witness_keys":[]}'),
        ("bundle.json with one key more", manifest[:-1] + b',"x":1}'),
        ("bundle.json that is no JSON", b"\xff"),
    ):
        codes = frozenset({"bundle-malformed", "signature-missing", "signature-unknown"})
        yield Damage(name, packed({**members, bundle.MANIFEST: written}), 10, codes)


# --- Results


def of_results(good: Bundled) -> Iterator[Damage]:
    members, entries = good.members, good.entries

    def changed(name: str, member: str, written: bytes, code: str) -> Damage:
        exit_code = {"table-differs": 14}.get(code, 15)
        return Damage(name, packed({**members, member: written}), exit_code, frozenset({code}))

    table, tables = members["tables/1.json"], "table-differs"
    bent = table.replace(b'"rank":"1"', b'"rank":"2"')
    yield changed("a rank in the table", "tables/1.json", bent, tables)
    yield changed("a blank in the table", "tables/1.json", table + b" ", tables)
    bent = members["schemes/1.json"].replace(b'"0.25"', b'"0.50"')
    yield changed("a scheme", "schemes/1.json", bent, "scheme-differs")
    evidence, code = members[bundle.EVIDENCE], "evidence-differs"
    first = evidence[: evidence.index(b"\n") + 1]
    for name, written in (
        ("a hash of evidence", evidence.replace(b"000", b"001")),
        ("a piece of evidence left out", evidence.removeprefix(first)),
        ("a piece of evidence too many", evidence + first),
    ):
        yield changed(name, bundle.EVIDENCE, written, code)
    unapproved = frozenset({"approval-missing", "version-missing"})
    for name, without, exit_code, codes in (
        ("published before the appraisal", "AppraisalApproved", 14, frozenset({"hindered"})),
        ("published without approval", "ResultApproved", 11, unapproved),
    ):
        told = told_anew(members, republished(entries, without))
        yield Damage(name, packed(told), exit_code, codes)
    second = [entry.replace(b'"revision":1', b'"revision":2') for entry in entries]
    told = told_anew(members, second)
    yield Damage("a revision left out", packed(told), 14, frozenset({"revision-out-of-order"}))
    misplaced = frozenset({"claim-misplaced"})
    for name, old, new in (
        ("a result in another stream", b"result/2021@2", b"outcome/2021@1"),
        ("a result of another cycle's count", b'"cycle":"2021"', b'"cycle":"2022"'),
    ):
        elsewhere = [*entries[:-1], entries[-1].replace(old, new)]
        yield Damage(name, packed(told_anew(members, elsewhere)), 14, misplaced)
    future = [entry.replace(b'"position":26', b'"position":99') for entry in entries]
    told = told_anew(members, future)
    yield Damage("a result of the future", packed(told), 14, frozenset({"position-impossible"}))
