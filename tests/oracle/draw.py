"""Random small sites: the plant that people build, and now and then what nobody would."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from .heat import normal_heat
from .reckon import normally, unit, usable
from .sites import COOLING, DAYS, EVEN, EVER, RACK, SERIES, Group, Place, Site
from .wiring import AGAIN, Wiring

MOST = 10
"""Groups of power plant at the most."""
PLENTY = 500.0
"""MW of a group while its load is not known yet."""
WORDS = ("N", "N", "N", "N+1", "N+2", "2N", "2N+1", "3N/2", "4N/3")


def draw_site(random: Random, size: float = 1.0) -> Site:
    """A site; the smaller the `size` (0 to 1), the fewer halls, groups, dates and attributes."""
    while True:
        site = rated(random, Drawing(random, size).site())
        if AGAIN not in Wiring(site).unsettled:
            return site


def numbered(number: int) -> Site:
    """The site of a number: the same in the tests and in `python -m tests.oracle --seed`."""
    random = Random(number)
    site = draw_site(random, random.choice([0.0, 0.3, 0.6, 1.0, 1.0]))
    return with_sources_onsite(site, Random(f"{number} on site"))


def with_sources_onsite(site: Site, random: Random) -> Site:
    """In some sites, generators that run beside the grid in place of some utilities; what takes out generators is not
    claimed there."""
    if random.random() > 0.2 or not any(one.kind == "utility" for one in site.groups):
        return site
    groups = []
    for one in site.groups:
        if one.kind == "utility" and random.random() < 0.6:
            units = random.choice([1, 2, 3, 5])
            spare = random.choice([0, 0, 1, 2]) if units > 1 else 0
            redundancy = f"N+{spare}" if spare else "N"
            rating = float(f"{one.rating / units:.4g}")
            counts = tuple(many * units + (spare if many else 0) for many in one.counts)
            one = one._replace(onsite=True, rating=rating, counts=counts, redundancy=redundancy)
        groups.append(one)
    places = tuple(
        one._replace(survives=tuple(kind for kind in one.survives if kind != "generator")) for one in site.places
    )
    return site._replace(groups=tuple(groups), places=places)


NUMBERS = st.integers(0, 999_999)
"""For hypothesis: numbers of sites. `shrink` makes a site smaller, which a smaller number does not."""


class Drawing:
    """One site in the making."""

    def __init__(self, random: Random, size: float) -> None:
        self.random, self.size = random, size
        self.places: list[Place] = []
        self.groups: list[Group] = []

    def chance(self, share: float) -> bool:
        """Whether something that so many sites of full size have is drawn."""
        return self.random.random() < share * (0.3 + 0.7 * self.size)

    def site(self) -> Site:
        """Places, then plant from the racks outward, each by its style, then what is claimed."""
        random = self.random
        self.draw_places()
        style = random.choice(
            [self.sides, self.sides, self.blocks, self.stages, self.stages, self.pools, self.anything]
        )
        style()
        self.groups = self.groups[:MOST]
        self.sources()
        if self.chance(0.45):
            self.standby()
        if self.chance(0.2):
            self.cooling()
        self.refine()
        self.claims()
        return Site(
            tuple(self.places),
            tuple(self.groups),
            random.choice([1.25, 1.25, 1.3]),
            random.choice([1.0, 1.0, 0.9]),
        )

    # --- places -----------------------------------------------------------------------------------

    def draw_places(self) -> None:
        """A campus, perhaps buildings, and one to four halls, some with racks, some with other loads."""
        random = self.random
        self.places = [Place("campus", "c", other=self.load() if self.chance(0.1) else Place("", "").other)]
        buildings = random.choice([0, 1, 1, 2])
        for number in range(buildings):
            other = self.load(0.3) if self.chance(0.15) else Place("", "").other
            pue = random.choice([1.2, 1.5]) if self.chance(0.15) else None
            self.places.append(Place("building", f"b{number}", "c", other=other, peak_pue=pue, **self.stay(0.1)))
        for number in range(1 + round(random.choice([0, 0, 1, 1, 2, 3]) * max(self.size, 0.4))):
            parent = random.choice([one.name for one in self.places if one.kind not in ("hall", "deploy")])
            if buildings and parent == "c" and random.random() < 0.7:
                parent = "b0"
            there = self.there(self.place(parent).there) if self.chance(0.12) else self.place(parent).there
            racks = self.chance(0.25)
            load = self.load() if not racks or random.random() < 0.3 else Place("", "").load
            other = self.load(0.3) if self.chance(0.1) else Place("", "").other
            paused = self.paused() if self.chance(0.06) else None
            self.places.append(Place("hall", f"h{number}", parent, load, other, there, paused))
            if racks:
                count = tuple(round(one / RACK) * RACK for one in self.load())
                self.places.append(Place("deploy", f"d{number}", f"h{number}", count, there=there))

    def place(self, name: str) -> Place:
        """The place of that name."""
        return next(one for one in self.places if one.name == name)

    def load(self, factor: float = 1.0) -> tuple[float, ...]:
        """MW on each day: constant, growing, or anything."""
        random, some = self.random, [0.5, 1.0, 1.5, 2.0, 3.0, 4.0]
        first = random.choice(some) * factor
        if not self.chance(0.5):
            return (first,) * len(DAYS)
        return (random.choice([0.0, first]), first, random.choice(some) * factor)

    def stay(self, share: float) -> dict[str, tuple[int, ...]]:
        """Dates and status of a container, for some."""
        found: dict[str, tuple[int, ...]] = {}
        if self.chance(share):
            found["there"] = self.there(EVER)
        if self.chance(share):
            found["paused"] = self.paused()
        return found

    def there(self, around: tuple[int, ...]) -> tuple[int, ...]:
        """Some days in a row, within those of what is around."""
        first = self.random.choice(around)
        last = self.random.choice([first, around[-1], around[-1]])
        return tuple(day for day in around if first <= day <= last)

    def paused(self) -> tuple[int, ...]:
        """The days on which something is paused; on none, it says that it is live."""
        return self.random.choice([(1,), (2,), (1, 2), (0,), (0, 1), ()])

    # --- plant ------------------------------------------------------------------------------------

    def consumers(self) -> list[str]:
        """The places with a load."""
        return [one.name for one in self.places if one.kind == "deploy" or any(one.load) or any(one.other)]

    def containers(self) -> list[str]:
        """The places in which plant may stand."""
        return [one.name for one in self.places if one.kind != "deploy"]

    def add(self, kind: str, serves: tuple[str, ...] = (), inside: str = "c", **more: object) -> str:
        """Add a group, of about as many units as people buy."""
        name = f"{kind[:2]}{len(self.groups)}"
        many = self.random.choice([2, 2, 3, 4, 4, 5] if kind in COOLING else [1, 1, 2, 2, 3, 4])
        there = self.place(inside).there
        group = Group(kind, name, inside, PLENTY, (many,) * len(DAYS), serves, there=there)
        self.groups.append(group._replace(**more))  # type: ignore[arg-type]
        return name

    def sides(self) -> None:
        """Two or three sides of the halls, each with a series of plant of its own, some sharing an outer stage."""
        random = self.random
        targets = self.targets()
        kinds = sorted(random.choices(SERIES[:5], k=random.choice([1, 2, 2, 3])), key=SERIES.index)
        if not set(kinds) & set(EVEN):
            kinds.insert(0, "ups")
        shared = random.choice([len(kinds), len(kinds), len(kinds) - 1])
        sides = [tuple(targets)] * random.choice([2, 2, 2, 3])
        for depth, kind in enumerate(kinds):
            if 0 < depth >= shared:
                self.add(kind, tuple(dict.fromkeys(name for side in sides for name in side)))
                return
            sides = [(self.add(kind, side),) for side in sides]

    def targets(self) -> tuple[str, ...]:
        """What a system serves: all halls with a load, some, or the block that has them."""
        consumers = self.consumers()
        if self.random.random() < 0.5:
            return tuple(consumers)
        if self.random.random() < 0.5:
            return ("c",)
        return tuple(self.random.sample(consumers, self.random.randint(1, len(consumers))))

    def blocks(self) -> None:
        """Blocks of the halls, and catchers for some of them; transformers or generators at each, for some sites."""
        random = self.random
        kind = random.choice(["ups", "ups", "ups", "pdu"])
        places = self.consumers()
        names = []
        for place in places:
            for _ in range(random.choice([1, 1, 1, 2])):
                names.append(self.add(kind, (place,)))
        covered = tuple(place for place in places if random.random() < 0.85) or tuple(places[:1])
        for _ in range(random.choice([1, 1, 2])):
            names.append(self.add(kind, covered, catcher=True))
        if self.chance(0.6):
            outer = random.choice(["ups", "transformer", "transformer", "substation"])
            if outer == kind:
                outer = "transformer"
            whole = random.random() < 0.3
            for name in names:
                if not whole and len(self.groups) < MOST:
                    self.add(outer, (name,))
            if whole:
                self.add(outer, tuple(names))

    def stages(self) -> None:
        """Some stages, the nearest to the load first; each serves containers, or what was drawn before."""
        random = self.random
        kinds = [kind for kind in SERIES[:5] for _ in range(2) if random.random() < 0.27] or [random.choice(SERIES[:5])]
        before: list[str] = []
        for kind in kinds:
            level = []
            for _ in range(random.choice([1, 1, 2, 2, 3])):
                if before and random.random() < 0.55:
                    serves: tuple[str, ...] = tuple(random.sample(before, random.randint(1, len(before))))
                    level.append(self.add(kind, serves, random.choice(self.containers())))
                elif random.random() < 0.4:
                    level.append(self.add(kind, self.targets()))
                else:
                    level.append(self.add(kind, (), random.choice(self.containers())))
            before = level

    def pools(self) -> None:
        """Pooled plant that serves all, or what shares it evenly; each of it to have sources of its own."""
        random = self.random
        targets = self.targets()
        if random.random() < 0.5:
            targets = tuple(self.add(random.choice(EVEN), targets) for _ in range(random.choice([1, 2, 3])))
        kind = random.choice(["transformer", "substation"])
        for _ in range(random.choice([2, 2, 3])):
            self.add(kind, tuple(random.sample(targets, random.randint(1, len(targets)))))
            if random.random() < 0.3:
                self.add("utility" if kind == "substation" else "substation", (self.groups[-1].name,))

    def anything(self) -> None:
        """Any plant that serves any place, or any plant drawn before, of any stage."""
        random = self.random
        for _ in range(random.randint(1, 2 + round(5 * self.size))):
            before = [one.name for one in self.groups if one.kind != "utility"]
            kind = random.choice(SERIES)
            targets = self.consumers() + self.containers() + before * 2
            serves = tuple(dict.fromkeys(random.choices(targets, k=random.choice([1, 1, 2]))))
            self.add(kind, serves if random.random() < 0.7 else (), random.choice(self.containers()))

    def sources(self) -> None:
        """The grid: one connection, two for all, or one for each of the outermost groups."""
        random = self.random
        named = {name for one in self.groups for name in one.serves}
        free = [one for one in self.groups if one.name not in named and one.kind != "utility" and not one.catcher]
        furthest = max((SERIES.index(one.kind) for one in free), default=0)
        outermost = [one.name for one in free if SERIES.index(one.kind) == furthest or random.random() < 0.1]
        way = random.random()
        if way < 0.45 or not outermost:
            for _ in range(random.choice([1, 1, 1, 2])):
                self.add("utility")
        elif way < 0.85:
            for name in outermost[:4]:
                self.add("utility", (name,))
            if random.random() < 0.5:
                self.add("utility")
        else:
            for _ in range(2):
                self.add("utility", tuple(random.sample(outermost, random.randint(1, len(outermost)))))
            self.add("utility")

    def standby(self) -> None:
        """Generators in containers or at sides."""
        random = self.random
        covers = "it" if random.random() < 0.15 else "facility"
        passive = [one.name for one in self.groups if one.kind != "utility"]
        if passive and random.random() < 0.5:
            kind = random.choice([one.kind for one in self.groups if one.kind != "utility"])
            for one in [one.name for one in self.groups if one.kind == kind]:
                if random.random() < 0.85:
                    self.add("generator", (one,), covers=covers)
        else:
            for _ in range(random.choice([1, 1, 2])):
                self.add("generator", (), random.choice(self.containers()), covers=covers)
        if passive and self.chance(0.15):
            self.add("generator", tuple(random.sample(passive, min(2, len(passive)))), covers=covers)

    def cooling(self) -> None:
        """Air handlers and CDUs for all, chillers for some."""
        random = self.random
        for kind in COOLING[: random.choice([2, 3])]:
            self.add(kind)
            for _ in range(random.choice([0, 1, 1])):
                place = random.choice(self.containers())
                if random.random() < 0.5:
                    self.add(kind, (), place)
                else:
                    self.add(kind, (random.choice(self.consumers()),))

    def refine(self) -> None:
        """Dates, words and attributes of each group."""
        random = self.random
        calm = random.random() < 0.5
        refined = []
        for one in self.groups:
            if one.kind == "utility":
                if self.chance(0.05):
                    one = one._replace(there=self.there(one.there))
                refined.append(one._replace(counts=(1,) * len(DAYS)))
                continue
            if one.kind in ("transformer", "substation") or (self.chance(0.15) and one.kind not in COOLING):
                one = one._replace(apparent=True)
                if self.chance(0.15):
                    one = one._replace(power_factor=0.95)
            if not calm and self.chance(0.35) and not one.catcher:
                one = one._replace(redundancy=random.choice(WORDS))
                least = {"N": 1, "N+1": 2, "N+2": 3, "2N": 2, "2N+1": 3, "3N/2": 3, "4N/3": 4}[one.redundancy]
                one = one._replace(counts=tuple(max(n, least) for n in one.counts))
            if self.chance(0.2):
                first = one.counts[0]
                one = one._replace(counts=(random.choice([first] * 5 + [0]), first, first + random.choice([0, 1, 2])))
            if self.chance(0.05):
                one = one._replace(there=self.there(one.there))
            if one.kind in EVEN and not self.has_cooling() and self.chance(0.2):
                one = one._replace(efficiency=random.choice([0.8, 0.95]))
            if one.kind in EVEN and self.chance(0.1):
                one = one._replace(continuous=0.8)
            if one.kind == "generator" and self.chance(0.2):
                one = one._replace(derate=0.9)
            refined.append(one)
        self.groups = refined

    def has_cooling(self) -> bool:
        """Whether there is cooling plant; losses are heat that the oracle does not follow."""
        return any(one.kind in COOLING for one in self.groups)

    def claims(self) -> None:
        """What some places say that they survive."""
        kinds = sorted({one.kind for one in self.groups})
        backed = any(one.kind == "generator" for one in self.groups)
        for index, place in enumerate(self.places):
            if place.kind != "deploy" and self.chance(0.5 if not index else 0.18):
                chosen = self.random.sample(kinds, min(len(kinds), self.random.choice([1, 1, 1, 2])))
                if not backed and self.random.random() < 0.6:
                    chosen = [kind for kind in chosen if kind != "utility"]
                self.places[index] = place._replace(survives=tuple(chosen))


# --- ratings -----------------------------------------------------------------------------------------


def rated(random: Random, site: Site) -> Site:
    """The site with ratings about its loads: few groups too small, some for all of what may come to them."""
    wiring = Wiring(site)
    consumers = list(wiring.ways)
    loads = [normally(wiring, day).load | normal_heat(site, consumers, day) for day in EVER]
    most = {one.name: max(load[one.name] for load in loads) for one in site.groups}
    biggest = max(most.values(), default=1.0)
    generous = random.choice([0.5, 1.0, 1.0, 2.0, 2.0])
    factors = [1.0, 1.05, 1.2, 1.5, 2.0 * generous, 2.0 * generous, 2.5 * generous, 3.0 * generous, 4.0 * generous]
    same: dict[str, float] = {}
    groups = []
    for one in site.groups:
        scale = unit(site, one) / one.rating
        days = [usable(site, one, day) / unit(site, one) for day in EVER]
        units = min([count for count in days if count], default=1.0)
        factor = random.choice([0.7, 0.9]) if random.random() < 0.03 else random.choice(factors)
        factor = same.setdefault(one.kind, factor) if random.random() < 0.8 else factor
        base = most[one.name] or biggest * random.choice([0.3, 0.5, 1.0])
        rating = nice(base * max(factor, 0.5) / units / scale)
        capacity = one.counts
        if one.kind == "utility" and random.random() < 0.15:
            capacity = (random.choice([0, 1, 1, 1]), 1, random.choice([1, 2]))
        groups.append(one._replace(rating=rating, counts=capacity))
    return site._replace(groups=tuple(groups))


def nice(value: float) -> float:
    """A rating as people write it: of three digits, upward."""
    return float(f"{value * 1.004:.3g}") if value else 1.0
