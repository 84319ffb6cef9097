"""JSON values as types, and the few that PostgreSQL cannot keep."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None
JsonObject: TypeAlias = Mapping[str, Json]


def storable(value: Json) -> Json:
    """The value with U+FFFD for what a database text cannot hold: NUL and lone surrogates."""
    if isinstance(value, str):
        clean = value.replace("\0", "\ufffd")
        return clean.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, Mapping):
        return {str(storable(key)): storable(member) for key, member in value.items()}
    if isinstance(value, Sequence):
        return [storable(member) for member in value]
    return value
