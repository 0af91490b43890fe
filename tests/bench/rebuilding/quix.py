"""The same job by quixstreams: a streaming data frame that folds, to a count of records.

python -m tests.bench.rebuilding.quix SERVERS TOPIC FACTS FOLDER
"""

import time
from pathlib import Path

from quixstreams import Application

from tests.bench.rebuilding.job import Job, wanted

SILENT_S_MAX = 60.0


def main() -> None:
    """Read the topic once from its beginning, and write."""
    asked = wanted()
    job = Job(asked)
    application = Application(
        broker_address=asked.servers,
        consumer_group=f"quix-{time.monotonic_ns()}",
        auto_offset_reset="earliest",
        auto_create_topics=False,
        state_dir=Path(asked.folder) / "quix",
        loglevel="WARNING",
    )
    topic = application.topic(asked.topic, key_deserializer="bytes", value_deserializer="bytes")
    application.dataframe(topic).update(lambda body: job.take(body) and None)
    application.run(count=asked.facts, timeout=SILENT_S_MAX)
    job.write_now()


if __name__ == "__main__":
    main()
