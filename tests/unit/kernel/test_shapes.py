"""The small shapes that everything else is made of: actors, views, deciders."""

from dataclasses import FrozenInstanceError

import pytest

from shared.kernel.actor import PUBLIC, SYSTEM, Actor
from shared.kernel.decider import Decider, Fold
from shared.kernel.view import View


def test_facts_name_an_actor_by_role_and_id_and_never_by_agency() -> None:
    actor = Actor(id="4711", role="agency", agency="so-y-te")

    assert actor.reference == "agency:4711"


def test_nobody_is_the_public_and_the_system_is_itself() -> None:
    assert (PUBLIC.reference, SYSTEM.reference) == ("public:", "system:system")
    assert (PUBLIC.agency, SYSTEM.agency) == ("", "")


def test_an_actor_stays_who_they_are() -> None:
    with pytest.raises(FrozenInstanceError):
        SYSTEM.role = "administrator"  # type: ignore[misc] # on purpose


def test_each_version_of_a_view_has_a_collection_of_its_own() -> None:
    views: list[View[str]] = [
        View("submission_sheet", version, lambda _: [], lambda *_: None) for version in (1, 2)
    ]

    assert [view.collection for view in views] == ["submission_sheet.v1", "submission_sheet.v2"]


def test_whoever_copies_a_stream_folds_it_as_its_owner_does() -> None:
    owner: Decider[str, int, str] = Decider(
        initial=0, decide=lambda *_: [], evolve=lambda state, fact: state + len(fact)
    )
    copy = Fold(owner.initial, owner.evolve)

    assert copy.evolve(copy.initial, "a fact") == owner.evolve(owner.initial, "a fact") == 6
