"""Password hashes (argon2id), made and checked off the event loop, a few at a time.

One hash takes about 64 MiB and 0.1 s; the bound keeps a burst of sign-ins from taking the machine.
"""

import asyncio

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

AT_ONCE = 2

_hasher = PasswordHash((Argon2Hasher(),))
_turn = asyncio.Semaphore(AT_ONCE)
_nobody = _hasher.hash("nobody has this password")


async def hash_password(password: str) -> str:
    async with _turn:
        return await asyncio.to_thread(_hasher.hash, password)


async def verify_password(password: str, password_hash: str | None) -> bool:
    """Whether they match. None, an unknown user, takes as long as a wrong password."""
    async with _turn:
        matches = await asyncio.to_thread(_hasher.verify, password, password_hash or _nobody)
    return matches and password_hash is not None
