"""The only place with SQL, and the only one that speaks to PostgreSQL."""
