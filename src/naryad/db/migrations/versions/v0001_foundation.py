"""The foundation: people, jobs, history, feed, push, files, and who may see what.

Revision ID: 0001
"""

from naryad.db.migrations.script import run_scripts

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_scripts(
        "v0001",
        "roles",
        "people",
        "jobs",
        "sync",
        "conflicts",
        "push",
        "files",
        "rights",
        "across",
        "across_push",
        "across_registration",
        "vapid",
        "across_dead",
    )


def downgrade() -> None:
    raise NotImplementedError("Naryad does not migrate back: restore a backup made before the upgrade")
