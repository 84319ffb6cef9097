"""Numbers of a lost future count as older than everything."""

import pytest

from naryad.domain.restored import JUMP, known_version

FIRST, SECOND = 100, 100 + JUMP + 50


@pytest.mark.parametrize(
    ("version", "restored", "of_this_epoch", "known"),
    [
        (7, (), False, 7),
        (FIRST, (FIRST,), False, FIRST),  # the backup had it
        (FIRST + 1, (FIRST,), True, 0),  # lost, whoever holds it
        (FIRST + JUMP - 1, (FIRST,), True, 0),
        (FIRST + JUMP, (FIRST,), True, FIRST + JUMP),
        (FIRST + JUMP, (FIRST,), False, 0),  # perhaps of another restore of the same backup
        (FIRST + 1, (FIRST, SECOND), True, 0),
        (SECOND, (FIRST, SECOND), True, SECOND),
        (SECOND + 1, (FIRST, SECOND), True, 0),
        (SECOND + JUMP + 3, (FIRST, SECOND), True, SECOND + JUMP + 3),
    ],
)
def test_known_version(version: int, restored: tuple[int, ...], of_this_epoch: bool, known: int) -> None:
    assert known_version(version, restored, of_this_epoch=of_this_epoch) == known
