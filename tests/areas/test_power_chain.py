"""What goes in comes out at every stage; and how much IT load the whole chain lets through, by trial."""

from __future__ import annotations

import datetime
from math import isclose

from hypothesis import given, settings
from hypothesis import strategies as st
from reading import derived, read
from small_sites import DAYS, NEAR, PEAK_PUE, Site, halls_of, systems

from planlang.areas.plant.division import dispatches
from planlang.areas.power.chain import binding_stage
from planlang.core.moment import steps_of
from planlang.lang.steps import EVER


@st.composite
def chains(draw: st.DrawFn) -> Site:
    """Up to four stages, some pooled, some at the plant behind them."""
    halls = draw(halls_of())
    stages = [draw(systems("pdu", 3, list(halls)))]
    for kind in ("ups", "substation", "utility"):
        if draw(st.booleans()):
            stages.append(draw(systems(kind, 3, [one.name for one in stages[-1]])))
        elif draw(st.booleans()):
            pooled = draw(systems(kind, 3, [one.name for one in stages[-1]]))
            stages.append(tuple(one._replace(serves=()) for one in pooled))
            break
    return Site(halls, tuple(stages))


def with_efficiencies(text: str, of: dict[str, float]) -> str:
    for name, efficiency in of.items():
        text = text.replace(f" {name} {{", f" {name} {{ efficiency = {efficiency};")
    return text


@settings(max_examples=150, deadline=None)
@given(chains(), st.data())
def test_every_stage_carries_what_it_serves(site: Site, data: st.DataObject) -> None:
    """The groups of a stage carry together, on every day, the load of all halls, with losses or at the boundary."""
    lossy = [one for one in site.plant if one.kind in ("pdu", "ups")]
    of = {one.name: data.draw(st.sampled_from([1.0, 0.99, 0.95, 0.9])) for one in lossy}
    plan = read(with_efficiencies(site.text(), of)).situation
    for number, stage in enumerate(site.stages):
        behind = [later for later in site.stages[:number] if stage[0].kind == "ups" and later[0].kind == "pdu"]
        for place, day in enumerate(DAYS):
            expected = 0.0
            for hall, loads in site.halls.items():
                factor = PEAK_PUE if stage[0].kind in ("substation", "utility") else 1.0
                for later in behind:  # its parallel feeds split the hall evenly, and each loses what it loses
                    feeds = [of[one.name] for one in later if hall in one.serves]
                    factor *= sum(1 / efficiency for efficiency in feeds) / len(feeds)
                expected += loads[place] * factor
            carried = 0.0
            for one in stage:
                steps = steps_of(plan, plan.at(f"c.b.{one.name}"), "load")
                assert steps is not None
                assert steps.at(day) >= 0
                carried += steps.at(day) / 1e6
            assert isclose(carried, expected, **NEAR), (stage[0].kind, day)


@settings(max_examples=100, deadline=None)
@given(chains())
def test_a_group_carries_what_hangs_on_it(site: Site) -> None:
    """A group of feeds takes an even part of each thing that it serves; what serves it takes all of that."""
    plan = read(site.text()).situation

    def load(name: str, day: datetime.date) -> float:
        steps = steps_of(plan, plan.at(f"c.b.{name}"), "load")
        assert steps is not None
        return steps.at(day) / 1e6

    for near, far in zip(site.stages, site.stages[1:], strict=False):
        factor = PEAK_PUE if far[0].kind in ("substation", "utility") and near[0].kind in ("pdu", "ups") else 1.0
        for day in DAYS:
            for one in far:
                if far[0].kind == "ups" and one.serves:
                    halves = sum(load(name, day) / sum(name in other.serves for other in far) for name in one.serves)
                    assert isclose(load(one.name, day), halves, **NEAR)
                elif one.serves and all(sum(name in other.serves for other in far) == 1 for name in one.serves):
                    assert isclose(load(one.name, day), factor * sum(load(name, day) for name in one.serves), **NEAR)


# --- the chain ---------------------------------------------------------------------------------------


def scaled(site: Site, factor: float) -> Site:
    return site._replace(halls={name: tuple(load * factor for load in loads) for name, loads in site.halls.items()})


def fits(site: Site, day: int, extra: str = "") -> bool:
    """Whether no group carries more than it may on a day."""
    plan = read(site.text().replace("building b {", f"building b {{ {extra}")).situation
    for one in site.plant:
        load, usable = (steps_of(plan, plan.at(f"c.b.{one.name}"), name) for name in ("load", "usable"))
        assert load is not None
        assert usable is not None
        if load.at(DAYS[day]) > usable.at(DAYS[day]) * (1 + 1e-9):
            return False
    return True


@settings(max_examples=100, deadline=None)
@given(chains(), st.sampled_from(["", "other_load = 0.2 MW;"]))
def test_the_chain_lets_through_just_so_much(site: Site, extra: str) -> None:
    """IT load raised in proportion to just that value fits every stage; a thousandth more does not."""
    plan = read(site.text().replace("building b {", f"building b {{ {extra}")).situation
    if dispatches(plan):  # what it lets through is then not in proportion to anything
        return
    through = steps_of(plan, plan.at("c.b"), "chain_usable")
    for number, day in enumerate(DAYS):
        load = sum(loads[number] for loads in site.halls.values())
        if not load:
            assert through is None or through.at(day) == 0
            continue
        assert through is not None
        most = through.at(day) / 1e6
        binding = binding_stage(plan, plan.at("c.b"), day)
        assert binding is not None
        assert isclose(binding.watts / 1e6, most, **NEAR)
        assert binding.group.kind.name == binding.kind
        if most > 0:
            assert fits(scaled(site, most / load), number, extra)
        assert not fits(scaled(site, most / load * 1.001 + 1e-6), number, extra)


def test_each_layer_is_converted_to_the_rack() -> None:
    """10 MVA x 0.9 over a peak PUE of 1.2 is 7.5 MW; 8 MW of UPS before PDUs of 95% are 7.6 MW; the PDUs let 7.8 MW."""
    text = """campus c {{ peak_pue = 1.2; power_factor = 0.9; utility grid {{ capacity = {} MW }}
      substation s {{ rating = 10 MVA; count = 2; redundancy = N+1 }}
      building b {{ hall one {{ load = 1 MW }}; hall two {{ load = 2 MW }}
        ups u {{ rating = 8 MW }}
        pdu p {{ rating = 7.8 MW; efficiency = 95% }} }} }}"""
    for capacity, through, binding in ((20, "7.5 MW", "c.s"), (6, "5 MW", "c.grid")):
        result = read(text.format(capacity))
        assert [derived(result, one, "chain_usable") for one in ("c", "c.b")] == [through] * 2
        found = [binding_stage(result.situation, result.situation.at(one), EVER) for one in ("c", "c.b")]
        assert [one and one.group.path for one in found] == [binding] * 2
    roomy = read(text.format(90).replace("10 MVA", "90 MVA"))
    assert derived(roomy, "c.b", "chain_usable") == "7.6 MW"
    assert derived(roomy, "c.b.one", "chain_usable") == "5.6 MW"  # beside 2 MW of the other hall


def test_no_chain_without_load_or_plant() -> None:
    """Nothing is known where nothing draws power, or nothing serves what does."""
    plan = read(
        "campus c { peak_pue = 1.2; building b { load = 1 MW }; building e { ups u { rating = 1 MW } } }"
    ).situation
    assert [steps_of(plan, plan.at(one), "chain_usable") for one in ("c.b", "c.e")] == [None, None]
    assert binding_stage(plan, plan.at("c.b"), EVER) is None
