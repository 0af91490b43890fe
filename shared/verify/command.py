"""Count a cycle again from its bundle or its facts alone, and hold all that was said against them.

    python -m shared.verify BUNDLE.zip|FACTS.ndjson [--checkpoint FILE ...] [--key KEY ...]
                            [--files FOLDER] [--json]

BUNDLE.zip is what `GET /ranking/cycles/{cycle}/bundle` gives, FACTS.ndjson what `.../facts` gives:
one fact a line, byte by byte as it is stored, in ledger order. No network, no database and no
service is needed.

Checked are the bytes of the file; the place of every fact (its cycle, and its version, which has
to follow the one before in its stream); the RFC 6962 tree over all entries; the signatures of the
checkpoints, and that each of them, in the bundle or given, is the root of a beginning of the
entries; for each approval and publication the root and the digest of the table that is counted
again from the entries before it; for each publication that it was permitted: nothing hindered it,
the last approval before it is of the same table, and its revision is the next one; and that tables,
schemes and hashes of evidence in the bundle are those of the facts. All faults are reported, not
the first.

--checkpoint takes a checkpoint that somebody kept outside, as a note or as its three printed
lines; --key a verifier key (name+id+base64) that came from elsewhere, of the log or of a witness.
Without a key of the log the one in the bundle is used, which whoever made the bundle has chosen.
--files takes a folder with files of evidence, each called by its SHA-256 with any ending: each has
to be one that the facts name, byte by byte; that some are missing is told, and is no fault.

What this cannot show, and says so: that what lies behind the last entry that a checkpoint from
outside (or a witness whose key is given) vouches for was not written anew or cut off; that facts
which were told twice with different bytes, or wait for others, stood beside the ledger; when
entries took their places in it; which other checkpoints were signed, as one that was taken out of
a bundle; and that what was recorded is true. README.md and catalogue.json in a bundle are not
covered.

    exit 0     a result was published, and everything holds
    exit 2     the file cannot be read or holds no fact at all, or the arguments are wrong
    exit 3     no fault was found, but nothing was published that could be held against the facts
    exit 10    the file is not as bundles are: members are missing, foreign, altered, ...
    exit 11    entries: facts are missing, repeated, moved, of another cycle, unreadable
    exit 12    signatures: a key, a checkpoint or a signature is wrong, foreign or missing
    exit 13    history: entries are not those that were signed, or fewer
    exit 14    results: what was approved or published is not what the facts come to
    exit 15    copies: a scheme, the list of evidence or a file of it is not that of the facts

Of several classes of faults the first in this list gives the exit code; all are reported.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from shared.ledger import note
from shared.ledger.note import Illegible, Key, Verify
from shared.verify.checkpoints import Given
from shared.verify.content import of_file
from shared.verify.fault import UNUSABLE, Unusable
from shared.verify.verifier import verify
from shared.verify.words import as_json, in_words, printable, unusable_as_json, unusable_in_words


def main(arguments: Sequence[str], signature_of: Verify) -> int:
    """Verify a file and say what came out; `signature_of` checks a signature of Ed25519."""
    chosen = _parser().parse_args(arguments)
    try:
        written = [of_file(path).whole() for path in chosen.checkpoint]
        report = verify(chosen.file, Given(signature_of, chosen.key, written, chosen.files))
    except OSError as error:
        return _refuse(chosen, Unusable("file-unreadable"), error.strerror or str(error))
    except Unusable as unusable:
        return _refuse(chosen, unusable)
    if chosen.json:
        lines = [json.dumps(as_json(report), ensure_ascii=False)]
    else:
        lines = [printable(line) for line in in_words(report)]
    sys.stdout.write("\n".join(lines) + "\n")
    return report.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m shared.verify", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("file", type=Path, metavar="BUNDLE.zip|FACTS.ndjson")
    for option, kind, name in (("--checkpoint", Path, "FILE"), ("--key", _key, "KEY")):
        parser.add_argument(option, type=kind, metavar=name, action="append", default=[])
    parser.add_argument("--files", type=_folder, metavar="FOLDER")
    parser.add_argument("--json", action="store_true", help="write the report as JSON")
    return parser


def _folder(text: str) -> Path:
    folder = Path(text)
    if not folder.is_dir():
        raise argparse.ArgumentTypeError(f"không có thư mục này / there is no folder {text}")
    return folder


def _key(text: str) -> Key:
    try:
        return note.from_verifier_key(text.strip())
    except Illegible as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _refuse(chosen: argparse.Namespace, unusable: Unusable, reason: str = "") -> int:
    if chosen.json:
        sys.stdout.write(json.dumps(unusable_as_json(unusable.code)) + "\n")
    for line in unusable_in_words(chosen.file, unusable, reason):
        sys.stderr.write(f"{printable(line)}\n")
    return UNUSABLE
