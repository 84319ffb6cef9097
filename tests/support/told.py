"""What one reader of live events was told, judged as it comes: each version once, or the gap announced."""

from collections.abc import Collection
from dataclasses import dataclass, field

from naryad.domain.cursor import Position


@dataclass(frozen=True, slots=True)
class Gap:
    """An announced one: the versions after `after`, up to `upto`, will not be told."""

    after: Position
    upto: Position
    reason: str


@dataclass
class Told:
    """`of_worker`: a reader that is told only of its own jobs; what else moved shows in heartbeats."""

    of_worker: bool = False
    position: Position | None = None
    begun: Position | None = None
    versions: list[int] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    heartbeats: int = 0
    broken: list[str] = field(default_factory=list)

    def take(self, event: str, id: str | None, data: object) -> None:
        """The next event, as it came over the wire."""
        if id is None:
            return
        at = Position.parse(id)
        if self.position is None:
            self.begun = self.position = at
        if event == "resync":
            self.gaps.append(Gap(self.position, at, str(data["reason"]) if isinstance(data, dict) else "?"))
        elif at.epoch != self.position.epoch:
            self.broken.append(f"{event} {at} after {self.position}: another epoch, and no resync")
        elif event == "change":
            self._change(at.version, self.position.version)
        elif event == "hb":
            self.heartbeats += 1
            self._heartbeat(at.version, self.position.version)
        self.position = at

    def _change(self, version: int, held: int) -> None:
        self.versions.append(version)
        if version <= held:
            self.broken.append(f"version {version} told again after {held}")
        elif version > held + 1 and not self.of_worker:
            self.broken.append(f"version {version} after {held}: a silent gap")

    def _heartbeat(self, version: int, held: int) -> None:
        if version < held:
            self.broken.append(f"heartbeat {version} goes back behind {held}")
        elif version > held and not self.of_worker:
            self.broken.append(f"heartbeat {version} after {held}: a silent gap")

    def reached(self, version: int) -> bool:
        return self.position is not None and self.position.version >= version

    def whole(self, head: int) -> bool:
        """It was told everything from where it began, once, in order, and never of a gap."""
        assert self.begun is not None
        wanted = list(range(self.begun.version + 1, head + 1))
        return not self.broken and not self.gaps and self.versions == wanted

    def missing(self, concerning: Collection[int]) -> list[int]:
        """Of the versions that concern this reader, those it was neither told nor spared by a resync."""
        assert self.begun is not None
        told, begun = set(self.versions), self.begun.version
        announced = [(gap.after.version, gap.upto.version) for gap in self.gaps]
        return [
            one
            for one in concerning
            if one > begun and one not in told and not any(low < one <= high for low, high in announced)
        ]

    def surplus(self, concerning: Collection[int]) -> list[int]:
        """What it was told though it does not concern it."""
        return [one for one in self.versions if one not in concerning]
