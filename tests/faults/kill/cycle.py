"""The cycle that is played while the system is killed: three agencies, four items, two surveys."""

from tests.faults.judged.cycle import GROUPS, Cycle

TIER = "department"
AGENCIES = ("so-y-te", "so-noi-vu", "so-tu-phap")
QUESTIONNAIRES = GROUPS
MEMBERS = (("member-1", "so-tai-chinh"), ("member-2", "so-cong-thuong"))
CYCLE = Cycle(
    year=2021,
    agencies={TIER: AGENCIES},
    questionnaires={group: (TIER, group) for group in QUESTIONNAIRES},
)
