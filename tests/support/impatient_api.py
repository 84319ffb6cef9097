"""The API, alone, giving up on its database sooner: `python -m support.impatient_api`. Else the real one."""

from naryad.alone import run_alone
from naryad.db import pool
from naryad_api.app import create_app

STATEMENT_S, COMMAND_S, WAIT_S = 4, 6, 5

if __name__ == "__main__":
    pool.SCOPE = pool.SCOPE.replace(f"'{pool.STATEMENT_TIMEOUT_MS}'", f"'{STATEMENT_S * 1000}'")
    pool.COMMAND_TIMEOUT_S, pool.PATIENCE_S = COMMAND_S, WAIT_S
    run_alone("naryad_api", "The API, impatient.", 8080, create_app)
