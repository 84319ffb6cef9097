"""One module a resource: reads go to naryad.db, writes to naryad.actions."""
