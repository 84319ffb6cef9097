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


def same(one: Json, other: Json) -> bool:
    """Equal as JSON: true is not 1, though Python finds them equal."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


def is_empty(value: Json) -> bool:
    """Whether a field of this value is absent: null, or an empty text, list or object."""
    return value is None or value in ("", [], {})
