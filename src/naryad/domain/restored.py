"""Version numbers after a restore from backup (DESIGN 3).

A restored history goes on `JUMP` above where the backup ended. The numbers between belong to a
future that is lost: a phone that holds one holds what this server has never seen, or never again.
"""

from collections.abc import Sequence

JUMP = 10**9


def known_version(version: int, restored: Sequence[int], *, of_this_epoch: bool) -> int:
    """`version` as this history can judge it: 0, older than everything, where it cannot.

    `restored` are the versions at which backups of this account ended, the first one first.
    One backup may be restored twice, and its numbers are then given twice: what is held above the
    first restore is trusted only `of_this_epoch`, from a device that is known to have synced in it.
    """
    if not restored:
        return version
    lost = any(ended < version < ended + JUMP for ended in restored)
    return 0 if lost or (version > restored[0] and not of_this_epoch) else version
