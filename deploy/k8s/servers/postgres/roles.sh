# Run once, when the database is new: the service gets a role of its own, and whoever is more than that
# has no password from then on, and so comes in by the socket of the pod alone.
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --set=password="$POSTGRES_PASSWORD" <<'SQL'
create role cchc login password :'password';
create database cchc owner cchc;
alter role postgres password null;
SQL
