"""What places say of outages: what may fail, be out for maintenance, or fail meanwhile; and of which plant."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.areas import OUTAGES
from planlang.areas.cooling.capacity import GROUPS as COOLING
from planlang.areas.plant.mechanical import cooled_by
from planlang.areas.plant.roles import stage_of
from planlang.areas.resilience.heat import ways
from planlang.areas.resilience.joined import joined_ways
from planlang.core.derive import once

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation

SURVIVES, MAINTAINS, ON_TOP = OUTAGES


class Words(NamedTuple):
    """How a claim is said: where it holds, where it does not, where it would not; what it is about; and what a place
    says by it. `{}` is the kind of plant."""

    holds: str
    fails: str
    would_fail: str
    about: str
    says: str


WORDS = {
    SURVIVES: Words(
        "survives the loss of one {}",
        "does not survive the loss of one {}",
        "would not survive the loss of one {}",
        "the loss of one {} that {place} survives",
        "survives a {}",
    ),
    MAINTAINS: Words(
        "can have one {} maintained",
        "cannot have one {} maintained",
        "could not have one {} maintained",
        "the maintenance of one {} of {place}",
        "can maintain a {}",
    ),
    ON_TOP: Words(
        "survives the loss of one {} under maintenance",
        "does not survive the loss of one {} under maintenance",
        "would not survive the loss of one {} under maintenance",
        "the loss of one {} under maintenance that {place} survives",
        "survives a {}",
    ),
}


class Claim(NamedTuple):
    """A container that says that any one of a kind may be out, and in which way."""

    place: Entity
    kind: str
    way: str = SURVIVES

    @property
    def holds(self) -> str:
        """What is said where it holds."""
        return f"`{self.place.path}` {WORDS[self.way].holds.format(self.kind)}"

    @property
    def fails(self) -> str:
        """What is said where it does not."""
        return f"`{self.place.path}` {WORDS[self.way].fails.format(self.kind)}"

    @property
    def would_fail(self) -> str:
        """What is said where it would not hold with more load."""
        return f"`{self.place.path}` {WORDS[self.way].would_fail.format(self.kind)}"

    @property
    def about(self) -> str:
        """The outage that it is about, in words."""
        place = f"{self.place.kind.name} {self.place.block.label}"
        return WORDS[self.way].about.format(self.kind, place=place)

    @property
    def says(self) -> str:
        """What the place says."""
        return f"`{self.place.path}` says that it {WORDS[self.way].says.format(self.kind)}"


@once
def claims(situation: Situation) -> list[Claim]:
    """What the containers of a plan say of outages."""
    found: dict[Claim, None] = {}
    said = tuple(filter(situation.may_say, OUTAGES))
    for entity in situation.entities if said else ():
        if entity.kind.holds:
            for way in said:
                found.update(dict.fromkeys(Claim(entity, word, way) for word in words_of(situation, entity, way)))
    return list(found)


def words_of(situation: Situation, entity: Entity, name: str) -> tuple[str, ...]:
    """The kinds of plant that an attribute of a container names."""
    if not situation.says(entity, name):
        return ()
    words = situation.given(entity, name)
    return tuple(map(str, words)) if isinstance(words, tuple) else (str(words),)


def claims_on(situation: Situation, group: Entity) -> list[Claim]:
    """The claims for which a group is taken out."""
    kind = group.kind.name
    return [
        one for one in claims(situation) if one.kind == kind and group in serving_in(situation, kind).get(one.place, ())
    ]


@once
def serving_in(situation: Situation, kind: str) -> dict[Entity, list[Entity]]:
    """The groups of a kind that serve anything in a place, by place."""
    table: dict[Entity, list[Entity]] = {}
    for group in situation.of_kind(kind):
        around: dict[Entity, None] = {}
        for consumer in served_by(situation, group):
            if consumer not in around:
                around.update(dict.fromkeys((consumer, *consumer.ancestors())))
        for place in around:
            table.setdefault(place, []).append(group)
    return table


def served_by(situation: Situation, group: Entity) -> Iterable[Entity]:
    """The consumers that a group serves, of power or of cooling plant; of others none. What feeds cooling plant serves
    those whose heat that takes."""
    if stage_of(situation, group) is not None:
        lanes = joined_ways(situation).lanes_at.get(group, [])
        return [
            one
            for lane in lanes
            for load in lane.consumers
            for one in (cooled_by(situation, load) if lane.fed_by else (load,))
        ]
    if group.kind.name not in COOLING:
        return []
    return [consumer for way in ways(situation, group) for station in way.stations for consumer in station.consumers]
