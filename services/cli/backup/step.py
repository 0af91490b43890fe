"""The steps of a drill, and what each came to."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from services.cli.backup import shown
from services.cli.backup.comparing import Compared
from shared.adapters.backup import Part

STEPS: Mapping[str, tuple[str, str]] = {
    "check": ("kiểm tra bản sao lưu", "the backup is checked"),
    "restore": ("khôi phục cơ sở dữ liệu và tệp", "databases and files are restored"),
    "refill": ("ghi lại kênh, đánh số lại", "the topic is refilled and numbered again"),
    "rebuild": ("dựng lại văn bản", "documents are made again"),
    "compare": ("so với điểm kiểm tra đã ký", "compared with the signed checkpoints"),
}


_EARLIER = (
    "không lấy bản mới nhất {newest}: không cùng bộ với các bản kia",
    "not the newest, {newest}: that does not go with the others",
)


@dataclass(frozen=True, slots=True)
class Taken:
    """Which backup of a part is restored, and which one is the newest, by their folders."""

    part: Part
    folder: str
    newest: str

    @property
    def lines(self) -> list[str]:
        """For people."""
        told = [] if self.folder == self.newest else [" · ".join(_EARLIER)]
        earlier = [f"      {each.format(newest=self.newest)}" for each in told]
        return [f"    {self.part}: {self.folder}", *earlier]


@dataclass(slots=True)
class Step:
    """A step of a drill, and what it came to; the first one says `taken` of what."""

    name: str
    came: Compared = field(default_factory=Compared)
    seconds: float = 0.0
    taken: list[Taken] = field(default_factory=list)

    @property
    def body(self) -> Mapping[str, object]:
        """For programs."""
        faults = [shown.body_of(fault) for fault in self.came.faults]
        seconds = round(self.seconds, 2)
        taken = {"backups": [asdict(each) for each in self.taken]} if self.taken else {}
        said = {"step": self.name, "seconds": seconds, **self.came.counts}
        return {**said, **taken, "faults": faults}

    @property
    def lines(self) -> list[str]:
        """For people."""
        counts = ", ".join(f"{name} {count:,}" for name, count in self.came.counts.items())
        mark = "✗" if self.came.faults else "✓"
        said = " · ".join(STEPS[self.name])
        found = [f"    {line}" for each in self.came.faults for line in shown.sentences(each)]
        taken = [line for each in self.taken for line in each.lines]
        return [f"{mark} {said} ({self.seconds:.1f} s): {counts}", *taken, *found]
