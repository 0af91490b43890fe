"""Rules and dashboards: made by the code, read by Prometheus, about what is really told."""

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.observability import __main__ as made
from deploy.observability import dashboards, rules
from deploy.observability.causes import BACKUPS, HEARD_OF, MIGRATIONS, PROCESSES
from deploy.observability.copies import SERVERS
from deploy.observability.objectives import DURATION, OBJECTIVES
from deploy.observability.series import ROLE, SERVICE, label_of, name_of
from shared.adapters.telemetry import contract
from tests.golden.documents import WIRINGS
from tests.support.manifests import overlaid, rendered
from tests.support.outside import memory_outside
from tests.support.prometheus import promtool
from tests.support.running import PROJECT

SERIES = re.compile(r"\b(?:cchc|http|messaging|db)_[a-z_]+")
CONSUMER = re.compile(r'cchc_consumer=~"([^"]+)"')
OF_OTHERS = re.compile(r"\b(?:kube|kubelet|cnpg)_[a-z_]+")
"""What kube-state-metrics, the kubelet and CloudNativePG tell."""
HISTOGRAM = ("_bucket", "_count", "_sum")
OF_ONE_SERVICE = re.compile(
    r"\$labels\.(service|series|cchc_cycle|deployment|cronjob|job_name|persistent)"
)
"""What a summary says whom it is about with; ledgers are ranking's alone."""

BOOKS = PROJECT / "deploy" / "runbooks"
NO_ALERT = "No alert leads here"


def all_rules() -> Sequence[Mapping[str, Any]]:
    return [rule for group in rules.groups() for rule in group["rules"]]


def alerts() -> Sequence[Mapping[str, Any]]:
    return [rule for rule in all_rules() if "alert" in rule]


@pytest.mark.parametrize("path", made.texts(), ids=lambda path: path.name)
def test_what_is_written_down_is_what_the_code_makes(path: Path) -> None:
    again = "renew it: python -m deploy.observability --write"
    assert path.read_text("utf-8") == made.texts()[path], again


def test_prometheus_takes_the_rules_and_each_query(tmp_path: Path) -> None:
    recorded = [
        {"record": f"query:{n}", "expr": expr} for n, expr in enumerate(dashboards.queries("1m"))
    ]
    groups = [*rules.groups(), {"name": "queries", "rules": recorded}]
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump({"groups": groups}), "utf-8")

    answer = subprocess.run(
        [promtool(), "check", "rules", str(tmp_path / "rules.yaml")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 0, answer.stderr
    assert f"{len(all_rules()) + len(recorded)} rules found" in answer.stdout


def test_every_series_and_label_is_one_that_processes_tell() -> None:
    known = {name_of(metric) for metric in contract.METRICS}
    known |= {f"{name}{end}" for name in known for end in HISTOGRAM}
    known |= {label_of(each) for metric in contract.METRICS for each in metric.attributes}

    used = {
        name
        for expr in (*dashboards.queries("1m"), *(r["expr"] for r in all_rules()))
        for name in SERIES.findall(expr)
    }

    assert sorted(used - known) == []


def test_series_that_runbooks_have_people_ask_for_are_told() -> None:
    named = {
        name
        for path in BOOKS.glob("*.md")
        for name in re.findall(r"\bcchc_[a-z_]+", path.read_text("utf-8"))
    }

    assert len(named) >= 5
    known = {name_of(metric) for metric in contract.METRICS}
    known |= {label_of(each) for metric in contract.METRICS for each in metric.attributes}
    assert sorted(named - known) == []


def test_series_of_others_are_those_that_the_installation_asks_for() -> None:
    used = {name for rule in all_rules() for name in OF_OTHERS.findall(rule["expr"])}
    install = (BOOKS / "install.md").read_text("utf-8")

    assert used == set(OF_OTHERS.findall(install))
    assert {name for name, _ in HEARD_OF} <= used


def test_every_process_is_listened_for() -> None:
    running = [each for each in rendered("production").processes if each.role != "migrate"]

    assert {(each.service, each.role) for each in running} == set(PROCESSES)


def test_every_consumer_that_is_looked_at_is_a_loop_that_tells_how_far_it_is() -> None:
    loops = {
        loop.name
        for wire in WIRINGS.values()
        for loop in wire(memory_outside()).loops
        if loop.progress is not None
    }

    named = {
        name
        for rule in all_rules()
        for found in CONSUMER.findall(rule["expr"])
        for name in found.split("|")
    }

    assert len(named) == 5
    assert sorted(named - loops) == []


def test_every_alert_says_what_is_the_matter_in_both_languages_and_what_to_do() -> None:
    for alert in alerts():
        told = alert["annotations"]
        place, _, name = told["runbook_url"].rpartition("/")
        assert place == rules.RUNBOOKS
        runbook = (BOOKS / name).read_text("utf-8")
        assert told["summary"] != told["summary_vi"]
        assert alert["labels"]["severity"] in {"page", "ticket"}
        assert f"`{alert['alert']}`" in runbook, alert["alert"]
        assert "**Tóm tắt.**" in runbook


def test_every_alert_says_where_it_is() -> None:
    """A cause in its summary; an objective, which is everybody's, by what is found just then."""
    for alert in alerts():
        told = alert["annotations"]
        if "objective" in alert["labels"]:
            assert told["where"].startswith("{{ range query `"), alert["alert"]
            assert re.search(r"by \([^)]*service", told["where"]), alert["alert"]
        else:
            assert OF_ONE_SERVICE.search(told["summary"]), alert["alert"]
            assert OF_ONE_SERVICE.search(told["summary_vi"]), alert["alert"]


def test_series_are_labelled_by_whoever_scrapes_as_rules_and_dashboards_go_by() -> None:
    endpoint = _scraped("processes")
    pods = [each.labels for each in rendered("production").processes]

    labelled = {each["targetLabel"]: each["sourceLabels"] for each in endpoint["relabelings"]}

    meta = {f"__meta_kubernetes_pod_label_{re.sub('[^a-z]', '_', name)}" for name in pods[0]}
    assert labelled.keys() == {SERVICE, ROLE}
    assert {source for sources in labelled.values() for source in sources} <= meta


def test_servers_of_postgres_are_labelled_by_whose_they_are_as_alerts_of_copies_go_by() -> None:
    endpoint = _scraped("postgres")
    clusters = [each["metadata"]["name"] for each in rendered("production").of("Cluster")]

    [relabelled] = endpoint["relabelings"]

    assert relabelled["targetLabel"] == SERVICE
    assert relabelled["sourceLabels"] == ["__meta_kubernetes_pod_label_cnpg_io_cluster"]
    whose = [re.fullmatch(relabelled["regex"], each) for each in clusters]
    assert {each[1] for each in whose if each} == set(SERVERS)


def _scraped(name: str) -> Mapping[str, Any]:
    """Where and how the pods of a PodMonitor are scraped."""
    monitors = rendered("production").of("PodMonitor")
    [found] = [each for each in monitors if each["metadata"]["name"] == name]
    [endpoint] = found["spec"]["podMetricsEndpoints"]
    return dict(endpoint)


def test_panels_of_requests_are_by_service_or_route() -> None:
    asked = [expr for expr in dashboards.queries("1m") if DURATION in expr]

    assert len(asked) >= 5
    assert [expr for expr in asked if "service" not in expr] == []
    assert sum(label_of(contract.ROUTE) in expr for expr in asked) == 2


def test_what_is_said_of_jobs_is_said_of_the_jobs_of_the_manifests() -> None:
    production = rendered("production")
    by_the_clock = [e for e in production.now_and_then if not e.manifest["spec"].get("suspend")]
    made = {f"{each.name}-29384210" for each in by_the_clock}
    migrating = {each.name for each in production.processes if each.role == "migrate"}

    assert {each for each in made if re.fullmatch(BACKUPS, each)} == made
    assert {each for each in migrating if re.fullmatch(MIGRATIONS, each)} == migrating
    assert len(migrating) == 4


def test_an_overlay_says_where_people_read_the_runbooks(tmp_path: Path) -> None:
    [own] = re.findall(r"```yaml\n(.*?)```", (BOOKS / "README.md").read_text("utf-8"), re.DOTALL)

    mine = overlaid(tmp_path, own)

    [made] = mine.of("PrometheusRule")
    leading = [
        rule["annotations"]["runbook_url"]
        for group in made["spec"]["groups"]
        for rule in group["rules"]
        if "alert" in rule
    ]
    assert len(leading) == len(alerts())
    place = "https://git.example.gov.vn/cchc/raw/branch/main/deploy/runbooks/"
    assert {url.removeprefix(place) for url in leading} <= {each.name for each in BOOKS.iterdir()}
    assert len(mine.objects) == len(rendered("production").objects)


def test_every_runbook_is_some_alert_s_or_says_that_it_is_none_s() -> None:
    named = {alert["annotations"]["runbook_url"].rpartition("/")[2] for alert in alerts()}

    for path in BOOKS.glob("*.md"):
        says_so = NO_ALERT in path.read_text("utf-8")
        assert path.name == "README.md" or says_so == (path.name not in named), path.name


def test_every_objective_is_named_once_and_has_one_measure() -> None:
    assert len({objective.name for objective in OBJECTIVES}) == len(OBJECTIVES)
    assert all(bool(objective.bad) != bool(objective.ratio) for objective in OBJECTIVES)
    assert all(0.9 <= objective.good < 1 for objective in OBJECTIVES)


@pytest.mark.parametrize("name", dashboards.documents())
def test_a_dashboard_can_be_read(name: str) -> None:
    document = json.loads((made.FOLDER / "dashboards" / f"{name}.json").read_text("utf-8"))
    panels = document["panels"]

    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len({panel["title"] for panel in panels}) == len(panels)
    for panel in panels:
        assert panel["description"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert panel["datasource"]["uid"] == "${datasource}"
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])
    assert [(a["id"], b["id"]) for a, b in combinations(panels, 2) if _overlap(a, b)] == []


def _overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    a, b = one["gridPos"], other["gridPos"]
    beside = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
    return not (beside or a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"])
