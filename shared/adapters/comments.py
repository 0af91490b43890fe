"""Comments, as urns let them out and as they are decided on."""

from collections.abc import Sequence

from shared.kernel.errors import Refused
from shared.ports import Chance, Verdict


def chosen(chance: Chance, names: Sequence[str], leave: int) -> list[str]:
    """All but `leave` of these names, chosen by chance, in the order of the names."""
    count = max(len(names) - leave, 0)
    return sorted(names[place] for place in chance.shuffled(len(names))[:count])


def require_same(known: Verdict, said: Verdict) -> None:
    """Refuse what was decided otherwise before; who says it makes no difference."""
    if (known.fate, known.digest) == (said.fate, said.digest):
        return
    if known.fate == "released":
        raise Refused("comment-released")
    raise Refused("comment-removed")
