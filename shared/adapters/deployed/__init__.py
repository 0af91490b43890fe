"""A service as processes of its own, on PostgreSQL, Kafka and MongoDB."""
