"""The oracle against cases that were reckoned by hand."""

from __future__ import annotations

from math import isclose

from oracle.judge import Judged, judge
from oracle.sites import DAYS, EVER, Group, Place, Site
from oracle.sizing import least_counts, least_rating


def constant(value: float) -> tuple[float, ...]:
    """The same on all days."""
    return (value,) * len(DAYS)


def campus(
    *more: Place | Group, load: float = 0.0, survives: tuple[str, ...] = (), pue: float = 1.3, pf: float = 1.0
) -> Site:
    """A campus `c`, with a load of its own, and what stands in it; plant stands there if it does not say where."""
    places = tuple(one for one in more if isinstance(one, Place))
    groups = tuple(one for one in more if isinstance(one, Group))
    return Site((Place("campus", "c", load=constant(load), survives=survives), *places), groups, pue, pf)


def hall(name: str, load: float, since: int = 0) -> Place:
    return Place("hall", name, "c", constant(load), there=EVER[since:])


def plant(kind: str, name: str, rating: float, count: int = 1, *serves: str, **more: object) -> Group:
    return Group(kind, name, "c", rating, (count,) * len(DAYS), serves, **more)  # type: ignore[arg-type]


def grid(capacity: float, *serves: str, name: str = "g") -> Group:
    return plant("utility", name, capacity, 1, *serves)


def loads(judged: Judged, *names: str, day: int = 0) -> list[float]:
    return [round(judged.normal[day].load[name], 6) for name in names]


def fails(judged: Judged, place: str = "c", kind: str = "ups") -> list[int]:
    """The days on which a claim fails."""
    return sorted(judged.claims[place, kind])


def test_units_of_three_systems_for_two() -> None:
    """A01: four units of 1 MW in 3N/2 are systems of 2 + 1 + 1: 2 MW without the largest, for 2.5 MW."""
    judged = judge(campus(grid(5), plant("ups", "u", 1, 4, redundancy="3N/2"), load=2.5))
    assert judged.usable[0]["u"] == 2
    assert judged.over[0] == {"u"}
    five = judge(
        campus(grid(5), plant("ups", "u", 1, 5, redundancy="3N/2"), plant("ups", "v", 1, 5, redundancy="4N/3"))
    )
    assert (five.usable[0]["u"], five.usable[0]["v"]) == (3, 3)


def test_a_generator_at_a_transformer() -> None:
    """A02: what stands at the medium voltage has all of the facility to carry."""
    judged = judge(campus(grid(10), plant("transformer", "t", 10), plant("generator", "gen", 0.01, 1, "t"), load=5))
    assert loads(judged, "gen") == [6.5]
    assert judged.over[0] == {"gen"}


def test_a_claim_is_judged_in_its_place() -> None:
    """A04: the generators of what claims carry it; what claims nothing may go dark."""
    crit = Place("building", "crit", "c", constant(4.0), survives=("utility",))
    own = plant("generator", "d", 2, 3)._replace(inside="crit")
    site = campus(crit, Place("building", "batch", "c", constant(4.0)), grid(20), own, pue=1.25)
    assert judge(site).holds_always
    both = site._replace(places=(site.places[0]._replace(survives=("utility",)), *site.places[1:]))
    assert judge(both).claims["c", "utility"][0] == "all of g out darkens batch"


def test_what_trips_and_darkens_nothing() -> None:
    """A06: 1.2 MW trip the unit that is left of a feed; the other two carry 1.8 of 2 each."""
    feeds = [plant("ups", name, 1, 2) for name in ("a", "b", "x")]
    judged = judge(campus(grid(6), *feeds, load=3.6, survives=("ups",)))
    assert judged.holds_always
    assert judged.trips["c", "ups"][0] == {"a", "b", "x"}


def two_sides(*more: Group, kind: str, ups: float = 5, load: float = 4) -> Site:
    return campus(grid(20), plant("ups", "a", ups), plant("ups", "b", ups), *more, load=load, survives=(kind,), pf=0.95)


def test_sides_at_half() -> None:
    """A07: all of it comes to one side, whose transformer and generator are sized for half."""
    halves = [plant("transformer", f"t{side}", 3, 1, side, apparent=True) for side in "ab"]
    halves += [plant("generator", f"g{side}", 3, 1, side) for side in "ab"]
    judged = judge(two_sides(*halves, kind="ups"))
    assert loads(judged, "ta", "ga", "a") == [2.6, 2.6, 2]
    assert all(judged.holds(day) for day in EVER)
    assert fails(judged) == [0, 1, 2]
    assert judged.trips["c", "ups"][0] == {"ga", "gb"}  # transformers are relieved first, and do not trip
    whole = [one._replace(rating=5.2) for one in halves if one.kind == "generator"]
    assert judge(two_sides(*halves[:2], *whole, kind="ups")).holds_always


def test_one_generator_of_two_sides() -> None:
    """A09: without the grid and one side's generator, 5.2 MW come to the other's, of 3 MW."""
    assert fails(
        judge(two_sides(*[plant("generator", f"g{side}", 3, 1, side) for side in "ab"], kind="generator")),
        kind="generator",
    ) == [0, 1, 2]
    assert judge(
        two_sides(*[plant("generator", f"g{side}", 5.2, 1, side) for side in "ab"], kind="generator")
    ).holds_always


def test_a_feed_behind_pdus() -> None:
    """A10: a UPS of many units behind a side's PDU is a feed: the other PDU gets 3 MW, of 2."""
    pdus = [plant("pdu", f"p{side}", 2) for side in "ab"]
    ups = [plant("ups", f"u{side}", 1, 4, f"p{side}") for side in "ab"]
    judged = judge(campus(grid(6), *pdus, *ups, load=3, survives=("ups",)))
    assert judged.claims["c", "ups"][0] == "all of ua out darkens c"
    assert judge(
        campus(grid(6), *[one._replace(rating=3) for one in pdus], *ups, load=3, survives=("ups",))
    ).holds_always


def test_every_date_is_told() -> None:
    """A11: hall one is dark from the first day, hall two only when it comes."""
    site = campus(
        hall("one", 4), hall("two", 8, 2), grid(30),
        plant("ups", "a", 3, 1, "one"), plant("ups", "x", 5, 1, "one"),
        plant("ups", "s", 5, 1, "two", there=(2,)), plant("ups", "d", 5, 1, "two", there=(2,)),
        survives=("ups",),
    )  # fmt: skip
    assert fails(judge(site)) == [0, 1, 2]
    later = site._replace(
        groups=tuple(one._replace(rating=5) for one in site.groups if one.name != "g") + site.groups[:1]
    )
    assert fails(judge(later)) == [2]


def blocks(catcher: float, loads: tuple[float, float], *more: Group, survives: tuple[str, ...] = ("ups",)) -> Site:
    return campus(
        hall("h1", loads[0]), hall("h2", loads[1]), grid(20),
        plant("ups", "u1", 2, 1, "h1"), plant("ups", "u2", 2, 1, "h2"),
        plant("ups", "k", catcher, 1, "h1", "h2", catcher=True), *more,
        survives=survives,
    )  # fmt: skip


def test_what_feeds_a_catcher() -> None:
    """A16: the catcher's transformer has the block's 2.6 MW to carry, and is one of 1 MVA."""

    def own(rating: float) -> list[Group]:
        return [
            plant("transformer", f"t{one}", r, 1, one, apparent=True)
            for one, r in (("u1", 3), ("u2", 3), ("k", rating))
        ]

    judged = judge(blocks(2, (2, 2), *own(1), survives=("ups", "transformer")))
    assert loads(judged, "k", "tk", "u1") == [0, 0, 2]
    assert fails(judged) == fails(judged, kind="transformer") == [0, 1, 2]
    assert judged.trips["c", "ups"][0] == {"tk"}
    assert judge(blocks(2, (2, 2), *own(2.6), survives=("ups", "transformer"))).holds_always


def test_a_feed_of_which_there_is_nothing_yet() -> None:
    """A22: a count of 0 and a later `from` are one fact; a sole feed with 0 fails."""
    for later in (plant("ups", "x", 2, there=(1, 2)), plant("ups", "x", 2)._replace(counts=(0, 1, 1))):
        judged = judge(campus(grid(6), plant("ups", "a", 2), later, load=1.5))
        assert judged.holds_always
        assert loads(judged, "a", "x") == [1.5, 0]
        assert loads(judged, "a", "x", day=1) == [0.75, 0.75]
        assert judge(campus(grid(6), later, load=1.5)).over == ({"x"}, set(), set())


def test_a_feed_that_goes() -> None:
    """B01: nothing carries the load from the day on which the only feed is gone."""
    judged = judge(campus(grid(5), plant("ups", "u", 1, 2, there=(0, 1)), load=2))
    assert judged.over == (set(), set(), {"u"})


def test_the_size_of_a_feed_that_comes_later() -> None:
    """C01: two units, for half of 3 MW, though the other feed could carry all."""
    site = campus(grid(6), plant("ups", "a", 1, 4), plant("ups", "x", 1, there=(1, 2)), load=3)
    assert least_counts(site, ["x"]) == {"x": 2}


def test_the_size_of_a_feed_beside_a_later_one() -> None:
    """C03: half of the one hall and all of the other."""
    site = campus(
        hall("h1", 2.5), hall("h3", 2), grid(20), plant("ups", "u1", 5, 1, "h1"), plant("ups", "u2", 1, 2, "h1", "h3")
    )
    assert loads(judge(site), "u2") == [3.25]
    assert least_rating(site, "u2") == 1.625


def test_no_rating_is_the_least() -> None:
    """C04: where the rest of a pool carries all, a rating of next to nothing would do."""
    site = campus(
        grid(9),
        plant("substation", "s1", 1, 4, apparent=True),
        plant("substation", "s2", 2, apparent=True),
        load=1,
        pue=1.25,
    )
    assert least_rating(site, "s1") == 0
    assert least_counts(site, ["s2"]) == {"s2": 0}


def test_the_size_of_a_catcher() -> None:
    """C05: the largest block, whether or not anything claims to survive."""
    for survives in ((), ("ups",)):
        assert least_rating(blocks(9, (2, 1.5), survives=survives), "k") == 2
        assert least_counts(blocks(0.5, (2, 1.5), survives=survives), ["k"]) == {"k": 4}


def test_the_size_of_feeds_that_may_trip() -> None:
    """C06: two units each, as a feed out leaves 2 x 2 MW for 3.6, and a unit out comes to the same."""

    def feeds(count: int) -> Site:
        return campus(
            grid(20), *[plant("ups", name, 1, count) for name in ("a", "x", "y")], load=3.6, survives=("ups",)
        )

    assert judge(feeds(2)).holds_always
    assert not judge(feeds(1)).holds_always
    assert least_counts(feeds(2), ["a", "x"]) == {"a": 2, "x": 2}


def test_the_rating_of_a_genset() -> None:
    """Its kVA are rated at 0.8, whatever the site's power factor."""
    judged = judge(campus(grid(20), plant("generator", "gs", 2.5, 8, apparent=True), load=12, pue=1.5, pf=0.95))
    assert isclose(judged.usable[0]["gs"], 16)
    assert loads(judged, "gs") == [18]


def test_apparent_power_of_a_strip() -> None:
    """V x A are apparent power: 22.17 kVA at 0.9."""
    judged = judge(campus(plant("pdu", "strip", 0.02217, apparent=True, power_factor=0.9), load=0.021))
    assert isclose(judged.usable[0]["strip"], 0.019953)
    assert judged.over[0] == {"strip"}


def test_two_sources_of_one_load() -> None:
    """Turbines beside a grid that comes by a substation are pooled with it: 5 MW for 4.8."""
    b = Place("building", "b", "c", constant(4.0))
    site = campus(b, grid(2, "main", name="grid"), grid(3, "b", name="gas"), plant("substation", "main", 10), pue=1.2)
    judged = judge(site)
    assert judged.holds_always
    assert sum(loads(judged, "grid", "gas")) == 4.8


def test_a_pool_behind_two_sources() -> None:
    """Plant behind different sources carries what its source gives: 2 MW and 2.8 MW."""
    b = Place("building", "b", "c", constant(4.0))

    def site(gas: float) -> Site:
        return campus(
            b, grid(2, "main", name="grid"), grid(gas, "gsu", name="gas"),
            plant("substation", "main", 10, 1, "b"), plant("substation", "gsu", 5, 1, "b"), pue=1.2,
        )  # fmt: skip

    judged = judge(site(3))
    assert judged.holds_always
    assert judged.normal[0].joined
    assert sum(loads(judged, "grid", "gas")) == 4.8
    assert loads(judged, "grid")[0] <= 2
    assert judge(site(2.7)).over[0] == {"grid"}


def test_a_strip_behind_a_panel() -> None:
    """Plant may serve plant of its own kind: the panel carries what its strip carries."""
    judged = judge(campus(plant("pdu", "panel", 0.004, 1, "strip"), plant("pdu", "strip", 0.006), grid(1), load=0.005))
    assert loads(judged, "strip", "panel") == [0.005, 0.005]
    assert judged.over[0] == {"panel"}


def test_losses_are_asked_of_the_next_stage_alone() -> None:
    """Each group adds its own; pooled plant carries the facility load, which has them all."""
    site = campus(
        grid(20),
        plant("pdu", "p", 6, efficiency=0.8),
        plant("ups", "u", 9, efficiency=0.5),
        plant("transformer", "t", 9),
        load=4,
    )
    assert loads(judge(site), "p", "u", "t", "g") == [4, 5, 5.2, 5.2]
