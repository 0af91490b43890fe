"""Damages to signatures and to history, with and without something that was kept outside."""

from collections.abc import Iterator

from shared.adapters.signature import signer_of_seed
from shared.count import bundle
from shared.ledger import note
from shared.ledger.note import Note
from tests.support.bundled import LOG_KEY, Bundled, key_of, packed, republished, told_anew
from tests.support.damaged.damage import Codes, Damage
from tests.support.witness import STRANGER

THIEF = signer_of_seed(b"a key that is not of the log....")


# --- Signatures


def of_signatures(good: Bundled) -> Iterator[Damage]:
    members = good.members
    *_, older, newest = [name for name in members if name.endswith(".note")]
    signed = note.from_bytes(members[newest])

    def changed(name: str, written: bytes, codes: Codes, code: int = 12) -> Damage:
        return Damage(name, packed({**members, newest: written}), code, codes)

    theirs = note.signed(signed.text, key_of(THIEF), THIEF.sign)
    yield changed(
        "a foreign signature",
        note.to_bytes(Note(signed.text, (theirs,))),
        frozenset({"signature-missing", "signature-unknown"}),
    )
    stranger = note.from_line(STRANGER.line(members[newest]))
    yield changed(
        "a signature too many",
        note.to_bytes(Note(signed.text, (*signed.signatures, stranger))),
        frozenset({"signature-unknown"}),
    )
    others = note.from_bytes(members[older]).signatures
    wrong = frozenset({"signature-wrong", "signature-missing"})
    yield changed(
        "the signature of another checkpoint", note.to_bytes(Note(signed.text, others)), wrong
    )
    line = note.to_line(signed.signatures[-1])
    bent = line[:-5] + ("A" if line[-5] != "A" else "B") + line[-4:]
    yield changed(
        "the line of the witness bent",
        members[newest].replace(line.encode(), bent.encode()),
        frozenset({"signature-wrong"}),
    )
    yield changed("no checkpoint at all", b"not a note", frozenset({"checkpoint-malformed"}))
    loose = members[newest].replace(b"\n\n", b"\n \n")
    yield changed("a note of another form", loose, frozenset({"checkpoint-malformed"}))
    manifest = members[bundle.MANIFEST]
    yield Damage(
        "a key in bundle.json bent",
        packed({**members, bundle.MANIFEST: manifest.replace(b"+46df013b+", b"+46df013c+")}),
        12,
        frozenset({"key-malformed", "signature-missing", "signature-unknown"}),
    )


# --- History


def of_history(good: Bundled) -> Iterator[Damage]:
    """What whoever has the key, or takes another one, can make of the past."""
    yield from _of_what_was_signed(good)
    members, entries = good.members, good.entries
    kept, keys = [good.checkpoint], [LOG_KEY]
    cut = packed(told_anew(members, entries[:-2]))
    ahead, missing = frozenset({"checkpoint-ahead"}), frozenset({"signature-missing"})
    yield Damage("an older bundle, nothing kept outside", cut, 3)
    yield Damage("an older bundle", cut, 13, ahead, checkpoints=kept, keys=keys)
    other = frozenset({"checkpoint-root-differs"})
    anew = republished([entry.replace(b"trang 2", b"trang 3") for entry in entries])
    signed = packed(told_anew(members, anew))
    yield Damage("history rewritten, nothing kept outside", signed, 0)
    name = "history rewritten and signed by the log"
    yield Damage(name, signed, 13, other, checkpoints=kept, keys=keys)
    stolen = packed(told_anew(members, anew, signer=THIEF))
    yield Damage("history rewritten, signed by a thief", stolen, 0)
    yield Damage("the same, the key of the log given", stolen, 12, missing, keys=keys)
    name = "the same, the checkpoint given"
    yield Damage(name, stolen, 12, missing | other, checkpoints=kept)


def _of_what_was_signed(good: Bundled) -> Iterator[Damage]:
    members = good.members
    *_, older, newest = [name for name in members if name.endswith(".note")]
    back = packed({**members, newest: members[older]})
    yield Damage("a checkpoint rolled back", back, 13, frozenset({"checkpoint-misnamed"}))
    elsewhere = note.from_bytes(good.checkpoint).text.replace("/2021\n", "/2022\n").encode()
    of_another = frozenset({"checkpoint-of-another-log"})
    name = "the checkpoint of another log"
    yield Damage(name, good.content, 13, of_another, checkpoints=[elsewhere])
    yield Damage("a given checkpoint that is none", good.content, 2, checkpoints=[b"x"])
    manifest = members[bundle.MANIFEST]
    root = manifest.index(b'"root":"') + len(b'"root":"')
    for name, bent, code in (
        ("the size", manifest.replace(b'"size":27', b'"size":28'), "size-differs"),
        ("the root", manifest[:root] + b"0" * 64 + manifest[root + 64 :], "bundle-root-differs"),
    ):
        content = packed({**members, bundle.MANIFEST: bent})
        yield Damage(f"{name} in bundle.json", content, 13, frozenset({code}))
