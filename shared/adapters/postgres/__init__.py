"""Keys, the urn, leases and news on PostgreSQL, by psycopg."""
