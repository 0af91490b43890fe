"""What the processes are told: settings that exist, all that are needed, and no secret in clear."""

import re
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services import cli
from shared.adapters import messages
from shared.adapters.deployed.settings import SETTINGS, read, unknown_in
from shared.adapters.deployed.values import MONGO, POSTGRES
from shared.kernel.errors import Refused
from tests.support.manifests import Manifests, Workload

EXAMPLES = {"CCHC_POSTGRES": POSTGRES, "CCHC_MONGO": MONGO}
"""What stands for a secret here, where there is none."""
SECRETS = frozenset(setting.name for setting in SETTINGS if setting.secret)
PASSWORD = re.compile(
    r"://[^\s/@:]*:[^\s/@]+@|PRIVATE KEY|PASSWORD\s*[=:]\s*(?!\"\$|'password')\S", re.IGNORECASE
)
"""A password, that is no variable of a shell or of psql."""
KEYS = ("CCHC_CHECKPOINT_KEY", "CCHC_PEOPLE_KEY", "CCHC_KAFKA_KEY")
SHARED = frozenset({"people-key"})
"""The one secret that is the same for all."""
SIGNS = ("ranking", "worker")
"""The one process that has the private key of the checkpoints."""


def settings_are_such(manifests: Manifests) -> Iterator[str]:
    """Each is known, and the process would begin with them."""
    for each in manifests.processes:
        told = manifests.settings(each)
        for name in unknown_in(told):
            yield f"{each} is told {name}, which is no setting"
        yield from refusals(each, each.service, {**told, **_examples(told)})


def refusals(who: object, service: str, told: Mapping[str, str]) -> Iterator[str]:
    """Why a process of a service would not begin with these settings."""
    try:
        read(service, told)
    except Refused as refusal:
        yield f"{who} would refuse to begin: {messages.explained(refusal)}"


def options_of(arguments: Sequence[str]) -> Namespace | None:
    """What the command line takes these for, None where it refuses them."""
    given = list(arguments)
    try:
        return cli.parser_for(given, {}).parse_args(given)
    except SystemExit:
        return None


def secrets_are_referred_to(manifests: Manifests) -> Iterator[str]:
    """The tree holds none, and no process is told one in clear."""
    for each in manifests.of("Secret"):
        yield f"the Secret {each['metadata']['name']} stands in the tree"
    for each in manifests.of("ConfigMap"):
        for name, value in each["data"].items():
            if PASSWORD.search(value) or name in SECRETS:
                yield f"the ConfigMap {each['metadata']['name']} tells a secret: {name}"
    for workload, variable in _variables(manifests):
        name, value = variable["name"], variable.get("value", "")
        if PASSWORD.search(value) or (value and "PASSWORD" in name):
            yield f"{workload} is told a secret in clear: {name}"


def secrets_are_those_of_the_service(manifests: Manifests) -> Iterator[str]:
    """No service has the password of another."""
    for workload, variable in _variables(manifests):
        secret = variable.get("valueFrom", {}).get("secretKeyRef", {}).get("name")
        if secret and not secret.startswith(f"{workload.service}-"):
            yield f"{workload} is given {secret}, which is not its own"
    for each in manifests.processes:
        mounted = {v["secret"]["secretName"] for v in each.pod["volumes"] if "secret" in v}
        for secret in sorted(mounted - SHARED):
            if not secret.startswith(f"{each.service}-"):
                yield f"{each} is given {secret}, which is not its own"


def one_process_has_the_private_key(manifests: Manifests) -> Iterator[str]:
    """Whoever has it can sign another ledger than the one that there is."""
    for each in manifests.processes:
        has_it = "CCHC_CHECKPOINT_KEY" in manifests.settings(each)
        if has_it != ((each.service, each.role) == SIGNS):
            yield f"{each} {'has' if has_it else 'has not'} the key of the checkpoints"


def keys_lie_where_they_are_told_to(manifests: Manifests) -> Iterator[str]:
    """Whoever is told of a key has the secret mounted there, and nobody else has any."""
    for each in manifests.processes:
        told = manifests.settings(each)
        wanted = {told[name].rpartition("/")[0] for name in KEYS if name in told}
        secret = {volume["name"] for volume in each.pod["volumes"] if "secret" in volume}
        [container] = each.containers
        mounts = container.get("volumeMounts", ())
        folders = {mount["mountPath"] for mount in mounts if mount["name"] in secret}
        if folders != wanted:
            yield f"{each} looks for keys in {sorted(wanted)}, and has some in {sorted(folders)}"


def all_go_by_the_same_topic(manifests: Manifests) -> Iterator[str]:
    """Partitions and brokers are the same for all, whoever is told."""
    names = ("CCHC_MODE", "CCHC_KAFKA", "CCHC_KAFKA_TOPIC", "CCHC_KAFKA_PARTITIONS")
    told = [manifests.settings(each) for each in manifests.processes]
    for name in names:
        values = {each.get(name) for each in told}
        if len(values) > 1:
            yield f"{name} is not the same for all: {sorted(map(str, values))}"


def _variables(manifests: Manifests) -> Iterator[tuple[Workload, Mapping[str, Any]]]:
    for workload in manifests.workloads:
        for container in workload.containers:
            yield from ((workload, variable) for variable in container.get("env", ()))


def _examples(told: Mapping[str, str]) -> Mapping[str, str]:
    return {
        name: example
        for name, example in EXAMPLES.items()
        if told.get(name, "").startswith("secret:")
    }


RULES = (
    settings_are_such,
    secrets_are_referred_to,
    secrets_are_those_of_the_service,
    one_process_has_the_private_key,
    keys_lie_where_they_are_told_to,
    all_go_by_the_same_topic,
)
