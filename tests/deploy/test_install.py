"""What an installation is told of operators, secrets and the sign-in is what the manifests need."""

import json
import re
from pathlib import Path

import pytest

from real.kubernetes import READ
from tests.support.books import credentials
from tests.support.books.blocks import RUNBOOKS
from tests.support.manifests import overlaid, rendered, with_smoke
from tests.support.realm import REALM, TERMS

INSTALL = (RUNBOOKS / "install.md").read_text("utf-8")
CHECKED = re.compile(
    r"^\| (?P<name>[^|,]+?)(?:,[^|]*)? \| (?P<version>[\d.]+)(?:,[^|]*)? \| held against",
    re.MULTILINE,
)
NAMES = {
    "CloudNativePG": "cloudnativepg",
    "KEDA": "keda",
    "Prometheus operator": "prometheus",
    "Gateway API": "gateway",
}


def test_operators_are_named_with_the_versions_of_their_definitions() -> None:
    told = {NAMES[row["name"]]: row["version"] for row in CHECKED.finditer(INSTALL)}

    assert told == {name: READ[name].version.rpartition("@v")[2] for name in NAMES.values()}


def test_each_group_of_custom_resources_has_its_operator_there() -> None:
    groups = {each["apiVersion"].partition("/")[0] for each in rendered("production").objects}
    custom = {each for each in groups if "." in each and not each.endswith("k8s.io")}

    assert custom == {
        "kafka.strimzi.io",
        "keda.sh",
        "monitoring.coreos.com",
        "postgresql.cnpg.io",
        "psmdb.percona.com",
    }
    assert len(re.findall(r"^\| [^`|]+ \| [^|]+ \| (?:held|written)", INSTALL, re.MULTILINE)) == 6


@pytest.mark.parametrize(
    "key",
    [
        ("cchc", "backup-identity", "identity.txt"),
        ("cchc-gateway", "cchc-tls", "tls.key"),
        ("cchc", "cli-smoke", "secret"),
        ("cchc", "people-key", "people.key"),
        ("cchc", "ranking-checkpoint-key", "key.pem"),
        ("cchc", "survey-kafka", "user.key"),
        ("cchc", "survey-mongo", "uri"),
        ("cchc-servers", "backup", "AWS_SECRET_ACCESS_KEY"),
        ("cchc-servers", "mongo-users", "appraisal"),
        ("cchc-servers", "ranking-postgres", "username"),
        ("cchc-servers", "survey-postgres", "password"),
    ],
    ids="/".join,
)
def test_a_secret_that_is_referred_to_is_known(key: credentials.Key) -> None:
    """`tests/real/test_runbooks.py` holds them against what the installation has made."""
    assert key in credentials.asked(with_smoke("production"))


def test_what_operators_make_is_told_there() -> None:
    assert ("cchc-servers", "mongo-operator") in credentials.by_operators(INSTALL)
    assert {("cchc-servers", "survey"), ("cchc-servers", "ranking")} <= credentials.by_operators(
        INSTALL
    )


def test_the_account_of_the_smoke_test_is_in_the_realm() -> None:
    realm = json.loads(REALM.read_text("utf-8"))
    [name] = re.findall(r"secret generic cli-smoke --from-literal=id=(\S+)", INSTALL)

    [client] = [each for each in realm["clients"] if each["clientId"] == name]
    [account] = [each for each in realm["users"] if each.get("serviceAccountClientId") == name]

    assert client["serviceAccountsEnabled"]
    assert "service_account" in client["defaultClientScopes"]
    assert [TERMS.roles[role] for role in account["realmRoles"]] == ["administrator"]


@pytest.mark.parametrize("overlay", ["example", "example/smoke"])
def test_a_provider_in_the_cluster_and_its_authority_reach_whoever_asks_it(
    overlay: str, tmp_path: Path
) -> None:
    inside, authority = re.findall(r"```yaml\npatches:\n(.*?)```", INSTALL, re.DOTALL)

    mine = overlaid(tmp_path, f"patches:\n{inside}{authority}", overlay)

    [policy] = [e for e in mine.of("NetworkPolicy") if e["metadata"]["name"].endswith("to-issuer")]
    [way] = policy["spec"]["egress"]
    assert (way["to"][0].keys(), way["ports"]) == (
        {"namespaceSelector", "podSelector"},
        [{"port": 8443}],
    )
    asking = [each for each in mine.workloads if each.role in {"api", "worker", "smoke"}]
    assert len(asking) in {1, 8}
    for each in asking:
        [process] = each.pod["containers"]
        [mounted] = [e for e in process["volumeMounts"] if e["name"] == "issuer-ca"]
        assert {"name": "issuer-ca", "configMap": {"name": "issuer-ca"}} in each.pod["volumes"]
        assert mine.settings(each)["CCHC_ISSUER_CA"] == f"{mounted['mountPath']}/ca.crt"
