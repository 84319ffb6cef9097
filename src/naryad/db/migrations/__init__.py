"""The schema, step by step, by Alembic. Each step's SQL stands in files beside it."""
