"""The Job of the smoke test says what the command takes, reaches what it calls, and withdraws."""

import argparse

import pytest

from services.cli.smoke import COMMAND, command
from services.cli.smoke.deployment import SERVICES
from tests.support.arrows import arrows
from tests.support.manifests import OVERLAYS, Workload, rendered, with_smoke

KEPT_S_MIN = 2 * command.PATIENCE_S
"""To be withdrawn, and to be seen gone, each as long as patience is."""
SECRET = {"CCHC_SMOKE_CLIENT", "CCHC_SMOKE_SECRET"}


def job(overlay: str) -> Workload:
    """The Job."""
    [found] = [each for each in with_smoke(overlay).workloads if each.name == "smoke"]
    return found


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_it_is_told_what_the_command_takes(overlay: str) -> None:
    [container] = job(overlay).containers
    told = {each["name"]: each.get("value", "secret") for each in container.get("env", ())}
    parser = argparse.ArgumentParser(exit_on_error=False)
    COMMAND.add_options(parser, told)
    name, *arguments = container["args"]

    chosen = parser.parse_args(arguments)

    assert name == COMMAND.name
    services = {each["metadata"]["name"] for each in rendered(overlay).of("Service")}
    assert dict(chosen.at) == {each: f"http://{each}-api" for each in SERVICES}
    assert {f"{each}-api" for each in SERVICES} <= services
    assert chosen.without_people is (overlay != "trial")


def test_in_a_trial_it_has_the_folder_of_the_trial_and_may_not_write_there() -> None:
    [container] = job("trial").containers
    mounts = {each["mountPath"]: each for each in container["volumeMounts"]}
    processes = rendered("trial").processes

    told = {each["name"]: each["value"] for each in container["env"]}

    assert {rendered("trial").settings(e)["CCHC_TRIAL_DIR"] for e in processes} == {
        told["CCHC_TRIAL_DIR"]
    }
    assert mounts[told["CCHC_TRIAL_DIR"]]["readOnly"] is True


@pytest.mark.parametrize("overlay", [each for each in OVERLAYS if each != "trial"])
def test_in_production_it_asks_the_issuer_of_the_processes_with_a_secret_of_its_own(
    overlay: str,
) -> None:
    [container] = job(overlay).containers
    told = {each["name"]: each for each in container["env"]}

    made = rendered(overlay)
    issuers = {made.settings(each)["CCHC_ISSUER"] for each in made.processes}

    assert issuers == {told["CCHC_ISSUER"]["value"]}
    assert {n for n, each in told.items() if "secretKeyRef" in each.get("valueFrom", {})} == SECRET


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_it_reaches_the_four_services_and_nothing_else(overlay: str) -> None:
    more = arrows(with_smoke(overlay)) - arrows(rendered(overlay))

    assert more == {("smoke", f"{service}-api", 8400) for service in SERVICES}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_its_image_is_that_of_the_command_line_in_the_version_of_the_services(overlay: str) -> None:
    [container] = job(overlay).containers
    [api] = [each for each in rendered(overlay).processes if each.name == "ranking-api"]

    image: str = api.containers[0]["image"]

    assert container["image"] == image.replace("/ranking:", "/cli:")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_it_is_never_repeated_by_itself_and_has_time_to_withdraw(overlay: str) -> None:
    found = job(overlay)

    assert found.manifest["spec"]["backoffLimit"] == 0
    assert found.pod["restartPolicy"] == "Never"
    assert found.pod["terminationGracePeriodSeconds"] >= KEPT_S_MIN
