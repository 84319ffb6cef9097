"""PostgreSQL 18 as part of Naryad: one folder, one holder, nothing to install.

`async with embedded.server(folder) as server:` runs it; `server.service_dsn`, `server.owner_dsn`
and `server.superuser_dsn` are its addresses.
"""

from naryad.db.embedded.access import Access
from naryad.db.embedded.errors import DataFolderInUse, EmbeddedError, ForeignVersion
from naryad.db.embedded.lifetime import Server, attach, server

__all__ = ["Access", "DataFolderInUse", "EmbeddedError", "ForeignVersion", "Server", "attach", "server"]
