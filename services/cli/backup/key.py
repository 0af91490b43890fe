"""`backup-key`: who is to read backups makes an identity, and tells its recipient to who saves."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from services.cli.backup.restore import identities_in
from services.cli.command import Command
from shared.adapters import age, durable

_KEY = """\
{recipient}
Đưa dòng trên cho người sao lưu (--recipient). Khóa riêng nằm trong {file}: cất ở nơi khác.
Give the line above to who saves (--recipient). The private key lies in {file}: keep it elsewhere.
"""


def _add_options(parser: ArgumentParser, _: Mapping[str, str]) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="where the identity lies, or is to")


def _run(options: Namespace) -> int:
    file: Path = options.file
    if not file.exists():
        durable.replace(file, f"{age.new_identity()}\n".encode(), owner_only=True)
    newest, *_ = identities_in(file)
    sys.stdout.write(_KEY.format(recipient=age.recipient_of(newest), file=file))
    return 0


COMMAND = Command(
    name="backup-key",
    summary="make the key by which saved dumps are read, or say for whom it is",
    description="""\
Tạo khóa để đọc bản sao lưu đã mã hóa; người sao lưu chỉ cần dòng age1....

Makes an identity in a file that is not there yet, and prints the recipient to it. Whoever saves
needs the recipient alone, and cannot read what was saved. Let somebody have the identity who has
not the list of invitations. What age-keygen writes is such a file as well; of several in it,
the first is the newest.""",
    examples="""examples:
  python -m services backup-key identity.txt
""",
    add_options=_add_options,
    run=_run,
)
