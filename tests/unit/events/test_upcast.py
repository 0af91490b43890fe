"""Old versions of facts are read as the newest."""

from typing import Any

from shared.events.upcast import upcast


def _to_v2(data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "a.Fact.v2", {**data, "second": True}


def _to_v3(data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "a.Fact.v3", {**data, "third": True}


def test_an_old_fact_passes_every_version_up_to_the_newest() -> None:
    upcasters = {"a.Fact.v1": _to_v2, "a.Fact.v2": _to_v3}

    assert upcast("a.Fact.v1", {}, upcasters) == ("a.Fact.v3", {"second": True, "third": True})


def test_the_newest_version_stays_as_it_is() -> None:
    assert upcast("a.Fact.v3", {"x": 1}, {"a.Fact.v1": _to_v2}) == ("a.Fact.v3", {"x": 1})
