"""What is promised to users, measured: objectives, alerts and dashboards, made from this code.

`python -m deploy.observability --write` writes what Prometheus and Grafana read; `tests/deploy`
holds it against this code, and tries the alerts.
"""
