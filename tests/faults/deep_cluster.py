"""A cluster of three brokers, of which one is killed, in the midst of the story.

What such a cluster does by itself is seen in each run (`tests/real/test_kafka.py`).
"""

from tests.faults.real.cluster import clustered
from tests.faults.real.fault import Fault, Stage, Trouble
from tests.faults.real.telling import Telling
from tests.support.deployed import Deployed
from tests.support.servers import DEPLOYED, open_folder

pytestmark = DEPLOYED


def test_what_was_acknowledged_is_kept_once_when_one_of_three_brokers_is_killed(
    deployed: Deployed, telling: Telling
) -> None:
    with open_folder() as folder, clustered(deployed.servers, folder) as system:

        def kill(stage: Stage) -> None:
            system.kill_the_leader(stage.cycle)

        fault = Fault("one of three brokers is killed", kill, times=1)
        telling.under(Trouble(fault.title, [fault]), system.deployed)
