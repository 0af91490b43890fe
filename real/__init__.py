"""Everything real on one machine: Kafka, PostgreSQL, MongoDB, and a process per service and role.

It is for trials and tests. It starts programs and speaks HTTP to them, and knows nothing of the
code that they run.
"""
