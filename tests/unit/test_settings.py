"""Settings of a process: all of them are read at once, and each wrong one gets a sentence."""

import re
from pathlib import Path

import pytest

from shared.adapters import messages
from shared.adapters.deployed.settings import HIDDEN, SETTINGS, read, unknown_in
from shared.adapters.identity import Terms, Trust
from shared.adapters.unsafe import UNSAFE_SETTING
from shared.kernel.errors import Refused

TRIAL = {
    "CCHC_MODE": "trial",
    "CCHC_POSTGRES": "postgresql://app:secret@db.example/submission",
    "CCHC_MONGO": "mongodb://db.example",
    "CCHC_KAFKA": "one.example:9092,two.example:9092",
    "CCHC_TRIAL_DIR": "/run/trial",
}
PRODUCTION = {
    **{name: value for name, value in TRIAL.items() if name != "CCHC_TRIAL_DIR"},
    "CCHC_MODE": "production",
    "CCHC_ISSUER": "https://sso.example",
    "CCHC_KAFKA_CA": "none",
    "CCHC_SERVICE_CLAIM": "none",
    "CCHC_SCANNER": "none",
    "CCHC_PEOPLE_KEY": "key",
}
README = Path(__file__).parents[2] / "README.md"


def refused(environment: dict[str, str]) -> dict[str, tuple[str, dict[str, str]]]:
    """What is wrong with an environment, by setting."""
    with pytest.raises(Refused) as refusal:
        read("submission", environment)
    assert refusal.value.code == "settings-wrong"
    return {flaw.pointer: (flaw.code, dict(flaw.details)) for flaw in refusal.value.flaws}


@pytest.mark.parametrize("environment", [TRIAL, PRODUCTION])
def test_what_has_to_be_said_suffices(environment: dict[str, str]) -> None:
    settings = read("submission", {**environment, "PATH": "/bin"})

    assert settings.mode == environment["CCHC_MODE"]
    assert settings.mongo_database == f"cchc_submission_{settings.mode}"
    assert settings.kafka_topic == f"facts-{settings.mode}"
    assert (settings.port, settings.port_shared) == (8400, False)


def test_everything_that_is_missing_is_named_at_once() -> None:
    assert {name: code for name, (code, _) in refused({}).items()} == {
        setting.name: "setting-missing" for setting in SETTINGS if setting.default is None
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CCHC_MODE", "Trial"),
        ("CCHC_POSTGRES", "mysql://db"),
        ("CCHC_POSTGRES", "db.example"),
        ("CCHC_POSTGRES", "postgresql://app:ab[secret]x@db/cchc"),
        ("CCHC_MONGO", "mongodb://app:se]cret@[db"),
        ("CCHC_MONGO", "localhost:27017"),
        *(
            (name, f"{scheme}://{hosts}")
            for name, scheme in (("CCHC_POSTGRES", "postgresql"), ("CCHC_MONGO", "mongodb"))
            for hosts in ("h:abc", "h:99999", "h:0", "h:-1", "u:secret@h:27017:1", "a:1,b:x", "a,")
        ),
        *(("CCHC_MONGO_DATABASE", each) for each in ("a/b", "a.b", "", "đợt", "a" * 64)),
        ("CCHC_KAFKA_TOPIC", "dữ-kiện"),
        ("CCHC_HOST", ""),
        ("CCHC_KAFKA", "broker"),
        ("CCHC_KAFKA", "broker:9092,"),
        ("CCHC_KAFKA", "broker:99999"),
        ("CCHC_KAFKA", "broker:0"),
        ("CCHC_KAFKA", "broker:abc"),
        ("CCHC_KAFKA", "broker:" + "9" * 5_000),
        ("CCHC_KAFKA_PARTITIONS", "0"),
        ("CCHC_KAFKA_REPLICAS", "three"),
        ("CCHC_KAFKA_REPLICAS", "2"),
        ("CCHC_PORT", "65536"),
        ("CCHC_PORT", "-1"),
        ("CCHC_PORT", "1" * 5_000),
        ("CCHC_PORT", "٣"),
        ("CCHC_PORT_SHARED", "true"),
        ("CCHC_STOP_S", "0"),
        ("CCHC_REQUESTS_MAX", ""),
        ("CCHC_POSTGRES_POOL", "3"),
        ("CCHC_LOG_ORIGIN", ""),
        ("CCHC_LOG_ORIGIN", "a log"),
        ("CCHC_LOG_ORIGIN", "a+log"),
        ("CCHC_LOG_ORIGIN", "log.example/"),
        ("CCHC_LOG_ORIGIN", "a" * 201),
    ],
)
def test_a_wrong_value_is_refused_in_words(name: str, value: str) -> None:
    flaws = refused({**TRIAL, name: value})

    assert list(flaws) == [name]
    code, details = flaws[name]
    assert code == "setting-wrong"
    assert name in messages.sentence(code, "en", details)
    assert details["expected"] in messages.sentence(code, "vi", details)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CCHC_ISSUER", "sso.example"),
        ("CCHC_ISSUER", "http://sso.example"),
        ("CCHC_ISSUER", "https://user@sso.example"),
        ("CCHC_ISSUER", "https://sso.example/?realm=cchc"),
        ("CCHC_ISSUER", "https://sso.example/#cchc"),
        ("CCHC_ISSUER", "https://sso.example/ cchc"),
        ("CCHC_ISSUER", "urn:cchc:trial"),
        ("CCHC_AUDIENCE", ""),
        ("CCHC_AUDIENCE", "two words"),
        ("CCHC_ROLES_CLAIM", ""),
        ("CCHC_ROLES_CLAIM", "roles=agency"),
        ("CCHC_AGENCY_CLAIM", "a b"),
        ("CCHC_CLIENTS", "web,,cli"),
        ("CCHC_CLIENTS", "một"),
        ("CCHC_ROLES", "agency"),
        ("CCHC_ROLES", "can-bo=officer"),
        ("CCHC_ROLES", "can-bo=public"),
        ("CCHC_ROLES", "can-bo=agency,can-bo=council"),
        ("CCHC_ROLES", "can-bo=agency,"),
        ("CCHC_SERVICE_CLAIM", "="),
        ("CCHC_SERVICE_CLAIM", "idtyp="),
    ],
)
def test_what_is_said_of_an_issuer_is_refused_in_words(name: str, value: str) -> None:
    code, details = refused({**PRODUCTION, name: value})[name]

    assert code == "setting-wrong"
    assert details["expected"] in messages.sentence(code, "vi", details)


def test_an_issuer_is_told_in_its_own_terms() -> None:
    told = {
        "CCHC_ISSUER": "http://127.0.0.1:8080/realms/cchc",
        "CCHC_AUDIENCE": "urn:cchc:api",
        "CCHC_CLIENTS": "web,cli",
        "CCHC_ROLES_CLAIM": "realm_access.roles",
        "CCHC_ROLES": "cán bộ=agency,a=b=auditor,kiem-toan=auditor",
        "CCHC_SERVICE_CLAIM": "idtyp=app",
    }

    trust = read("survey", {**PRODUCTION, **told}).trust

    assert trust.issuer == "http://127.0.0.1:8080/realms/cchc"
    assert (trust.key_set, trust.authority) == (None, None)
    assert trust.terms == Terms(
        audience="urn:cchc:api",
        clients=frozenset({"web", "cli"}),
        roles_claim="realm_access.roles",
        roles={"cán bộ": "agency", "a=b": "auditor", "kiem-toan": "auditor"},
        agency_claim="agency",
        service_claim="idtyp=app",
    )


def test_an_issuer_of_whom_no_more_is_said_speaks_in_our_terms() -> None:
    assert read("survey", PRODUCTION).trust == Trust("https://sso.example", people_key=Path("key"))


@pytest.mark.parametrize(
    "value",
    [
        "khaosat.example.gov.vn",
        "ftp://khaosat.example.gov.vn",
        "https://user:password@khaosat.example.gov.vn",
        "https://khaosat.example.gov.vn/?a=1",
        "https://khaosat.example.gov.vn/a b",
        "https://[khaosat",
    ],
)
def test_an_address_for_people_is_one_that_they_can_type(value: str) -> None:
    flaws = refused({**TRIAL, "CCHC_PUBLIC_URL": value})

    assert flaws["CCHC_PUBLIC_URL"][0] == "setting-wrong"


@pytest.mark.parametrize("value", ["", "http://127.0.0.1:8400", "https://example.gov.vn/cchc"])
def test_an_address_for_people_has_no_slash_at_its_end(value: str) -> None:
    told = {**TRIAL, "CCHC_PUBLIC_URL": f"{value}/" if value else ""}

    assert read("survey", told).public_url == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CCHC_MONGO", "mongodb://app:secret@a:27017,b:27018,c/?replicaSet=r"),
        ("CCHC_MONGO", "mongodb://[::1]:27017,127.0.0.1"),
        ("CCHC_MONGO", "mongodb+srv://db.example/"),
        ("CCHC_POSTGRES", "postgres://app:secret@a:5432,b:5433/survey"),
        ("CCHC_POSTGRES", "postgresql://app:s%40c:r@[::1]:65535/survey"),
        ("CCHC_KAFKA", "[::1]:9092,b:65535"),
    ],
)
def test_an_address_may_name_several_servers(name: str, value: str) -> None:
    assert getattr(read("survey", {**TRIAL, name: value}), name[5:].lower()) == value


@pytest.mark.parametrize("environment", [{}, {"CCHC_MONGO": ""}])
def test_what_is_wrong_is_told_in_each_language_with_what_a_value_looks_like(
    environment: dict[str, str],
) -> None:
    named = {name: value for name, value in TRIAL.items() if name != "CCHC_MONGO"}

    with pytest.raises(Refused) as refusal:
        read("ranking", {**named, "CCHC_STOP_S": "soon", **environment})

    like = "mongodb://user:password@host:27017"
    first, second, *flaws = messages.explained(refusal.value).splitlines()
    assert first.endswith("(danh sách: python -m services.ranking --help):")
    assert second.endswith("(all of them: python -m services.ranking --help):")
    assert flaws == [
        f"  CCHC_MONGO: Thiếu CCHC_MONGO; giá trị có dạng: {like}",
        f"              CCHC_MONGO is missing; a value looks like this: {like}",
        "  CCHC_STOP_S: CCHC_STOP_S không nhận “soon”; giá trị phải có dạng: 1 .. 600",
        "               CCHC_STOP_S does not take “soon”; a value looks like this: 1 .. 600",
    ]


def test_a_wrong_address_of_a_database_is_not_repeated_with_its_password() -> None:
    flaws = refused({**TRIAL, "CCHC_POSTGRES": "postgress://app:secret@db.example"})

    assert flaws["CCHC_POSTGRES"][1]["value"] == HIDDEN


def test_what_looks_like_a_setting_and_is_none_is_found() -> None:
    assert unknown_in({**TRIAL, "CCHC_MODUS": "trial", "PATH": "/bin"}) == ["CCHC_MODUS"]


def test_several_flaws_are_told_together() -> None:
    flaws = refused({**TRIAL, "CCHC_PORT": "x", "CCHC_STOP_S": "x", UNSAFE_SETTING: "y"})

    assert set(flaws) == {"CCHC_PORT", "CCHC_STOP_S", UNSAFE_SETTING}


@pytest.mark.parametrize("name", [UNSAFE_SETTING, f"RANKING_{UNSAFE_SETTING}"])
@pytest.mark.parametrize("value", ["y", "no", ""])
def test_the_unsafe_setting_of_the_recorders_is_refused(name: str, value: str) -> None:
    assert refused({**TRIAL, name: value}) == {name: ("setting-unsafe", {"setting": name})}


@pytest.mark.parametrize(
    ("environment", "name", "code"),
    [
        ({**TRIAL, "CCHC_TRIAL_DIR": ""}, "CCHC_TRIAL_DIR", "setting-needed"),
        ({**PRODUCTION, "CCHC_TRIAL_DIR": "/run/trial"}, "CCHC_TRIAL_DIR", "setting-excluded"),
        ({**PRODUCTION, "CCHC_ISSUER": ""}, "CCHC_ISSUER", "setting-needed"),
        ({**PRODUCTION, "CCHC_SERVICE_CLAIM": ""}, "CCHC_SERVICE_CLAIM", "setting-needed"),
        ({**PRODUCTION, "CCHC_SCANNER": ""}, "CCHC_SCANNER", "setting-needed"),
        ({**PRODUCTION, "CCHC_SCANNER": "localhost"}, "CCHC_SCANNER", "setting-wrong"),
        ({**TRIAL, "CCHC_ISSUER": "https://sso.example"}, "CCHC_ISSUER", "setting-excluded"),
        ({**TRIAL, "CCHC_ROLES": "can-bo=agency"}, "CCHC_ROLES", "setting-excluded"),
        ({**PRODUCTION, "CCHC_KAFKA_REPLICAS": "1"}, "CCHC_KAFKA_REPLICAS", "setting-one-replica"),
    ],
)
def test_each_mode_has_settings_that_the_other_refuses(
    environment: dict[str, str], name: str, code: str
) -> None:
    assert {each: found for each, (found, _) in refused(environment).items()} == {name: code}


@pytest.mark.parametrize("value", ["none", "clamd://scanner:3310", "unix:/run/clamav/clamd.ctl"])
def test_who_scans_files_is_said_once_for_all_processes(value: str) -> None:
    assert read("submission", {**PRODUCTION, "CCHC_SCANNER": value}).scanner == value


def test_a_service_that_takes_no_evidence_needs_no_word_of_a_scanner() -> None:
    assert read("appraisal", {**PRODUCTION, "CCHC_SCANNER": ""}).scanner == ""


def test_a_trial_may_have_one_replica_of_the_topic() -> None:
    assert read("survey", {**TRIAL, "CCHC_KAFKA_REPLICAS": "1"}).kafka_replicas == 1
    assert read("survey", {**PRODUCTION, "CCHC_KAFKA_REPLICAS": "3"}).kafka_replicas == 3


def test_the_readme_lists_every_setting_with_its_default_and_meaning() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", README.read_text("utf-8"), re.MULTILINE)

    assert [row for row in rows if row[0].startswith("CCHC_")] == [
        (setting.name, _default(setting.default), setting.meaning) for setting in SETTINGS
    ]


def _default(default: str | None) -> str:
    match default:
        case None:
            return "has to be said"
        case "":
            return ""
        case _:
            return f"`{default.replace('{service}', 'NAME').replace('{mode}', 'MODE')}`"
