"""Pictures of what a run told: a trace, and a dashboard as its JSON says it, as SVG.

Nothing is drawn here but what was given: `python -m tests.telemetry.pictures` plays a real run,
asks a real Prometheus, and writes what comes of it to `deploy/observability/pictures`.
"""
