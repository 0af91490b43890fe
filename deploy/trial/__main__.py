"""Deploy a trial on the cluster of kubectl's present context, and try it by a smoke test.

    python -m deploy.trial [--registry REGISTRY] [--without-smoke]

Namespaces, secrets (made by lot, where they are not there), the overlay, a wait until everything is
ready, and the Job of the smoke test, whose report is printed. Doing it again goes on where it
was, and is how an upgrade is done. Exit status: 0; 1 where the smoke test failed; 2 where something
is missing, which is named.
"""

import argparse
import sys
import time
from collections.abc import Sequence

from deploy.trial import secrets, waiting
from deploy.trial.cluster import Cluster, NotDone

FAILED, MISSING = 1, 2
NAMESPACES = ("base/namespace.yaml", "servers/base/namespace.yaml")
OF = "app.kubernetes.io/component"
DONE = """
Xong. Mở từ máy này: kubectl --namespace cchc port-forward service/ranking-api 8404:80
Done. Open it from this machine by that command; such a caller is on the trial's own machine."""


def main(arguments: Sequence[str]) -> int:
    """Deploy, wait, try; returns the exit status."""
    parser = argparse.ArgumentParser(
        "python -m deploy.trial", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--registry", default="", help="where the images cchc/... come from")
    parser.add_argument("--without-smoke", action="store_true", help="do not try it")
    options = parser.parse_args(arguments)
    try:
        return _deploy(options)
    except NotDone as missing:
        sys.stderr.write(f"KHÔNG THÀNH / NOT DONE: {missing}\n")
        return MISSING


def _deploy(options: argparse.Namespace) -> int:
    cluster = Cluster(options.registry)
    _say(f"Cụm / cluster: {cluster.check()}")
    for namespace in NAMESPACES:
        cluster.apply_file(namespace)
    _say(f"Bí mật / secrets: {secrets.make(cluster)} mới / new")
    # A Job cannot be changed; each of these may be done again.
    cluster.delete("jobs", f"{OF} in (migrate, smoke)")
    cluster.apply("overlays/trial")
    _say("Đã áp dụng / applied: overlays/trial")
    began_s = time.monotonic()
    waiting.until_ready(cluster, _say)
    _say(f"Sẵn sàng / ready: {time.monotonic() - began_s:.0f} s")
    if not options.without_smoke:
        cluster.apply("smoke/trial")
        _say("Kiểm tra / smoke test: job/smoke")
        is_good, said = waiting.until_smoked(cluster)
        sys.stdout.write(said)
        if not is_good:
            _say("HỎNG / FAILED: kubectl --namespace cchc describe job/smoke")
            return FAILED
    _say(DONE)
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
