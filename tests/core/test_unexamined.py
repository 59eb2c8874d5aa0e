"""What a verdict says nothing of, and why."""

from __future__ import annotations

import pytest

from planlang.compiler import compile_text


def left_out(text: str) -> list[str]:
    """`what, why` of each entry."""
    return [f"{one.what}, {one.why}" for one in compile_text(text).not_examined]


LOAD = "load = 1 MW; pue = 1.1; peak_pue = 1.2"
COOLED = "crah f { capacity = 2 MW }; cdu l { capacity = 2 MW }"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("region r { }", []),
        (
            f"building b {{ {LOAD} }}",
            ["power, no power plant is written", "cooling, no cooling plant is written"],
        ),
        (
            f"campus c {{ utility g {{ capacity = 9 MW }}\n building b {{ {LOAD}; {COOLED} }} }}",
            ["power behind the grid, no power plant is written", "failures, nothing says `survives`"],
        ),
        (
            f"campus c {{ building b {{ {LOAD}; {COOLED}; survives = [ups]\nups u {{ rating = 1 MW; count = 2 }} }} }}",
            ["grid connection of c, no utility serves it", "feeds of cooling plant, no `fed_by` names them"],
        ),
        (
            "campus a { }\ncampus b { }",
            ["network between sites, no link is written"],
        ),
        (
            "campus a { }\ncampus b { }\nline_system far { channels = 2; rate = 1 Tb/s }\n"
            "link l { between = [a, b]; fiber_pairs = 1; line = far }\n"
            "link m { between = [a, b]; fiber_pairs = 1; line = far; length = 90 km }\n"
            "link n { between = [a, b]; fiber_pairs = 1; length = 90 km }",
            [
                "load of the network between sites, no demand is written",
                "reach and delay of l, its `length` is not given",
                "signal to noise of m, `far` has no `osnr`",
                "capacity of n, it has neither `line` nor `transceiver`",
            ],
        ),
        (
            "switch leaf { rate = 800 Gb/s; power = 1 kW }\nfabric f { switch = leaf; tiers = 2 }",
            ["fabric f, `leaf` has no `ports`"],
        ),
        (
            "switch leaf { ports = 64; rate = 800 Gb/s; power = 1 kW }\nfabric f { switch = leaf }",
            ["fabric f, it has neither `tiers` nor `connects`"],
        ),
        (
            f"building b {{ {LOAD}; {COOLED}; survives = [chiller]; utility g {{ capacity = 9 MW }}\n"
            "chiller c { capacity = 2 MW; count = 2; restart = 3 min }\n"
            "battery y[1..2] { rating = 2 MW; energy = 4 MWh } }\nscenario slow { b.load = 2 MW }",
            [
                "ride-through of b.c, no loop has a `buffer`",
                "battery b.y[1], no generators stand by until whose start it bridges",
                "battery b.y[2], no generators stand by until whose start it bridges",
                "feeds of cooling plant, no `fed_by` names them",
                "scenario slow, this version evaluates the plan without it",
            ],
        ),
    ],
)
def test_what_is_not_examined(text: str, expected: list[str]) -> None:
    """Whole areas of which nothing is written, single figures that lack, and what no rule looks at."""
    assert left_out(text) == expected


def test_where_a_limit_is_written_it_is_a_warning() -> None:
    """A figure without which something that is asked for cannot be judged is no matter of silence."""
    text = """
        campus a { at = (42.7, -87.9) }
        campus b { at = (42.9, -87.9) }
        line_system far { channels = 2; rate = 1 Tb/s; reach = 100 km }
        link l { between = [a, b]; fiber_pairs = 1; line = far }
        link m { between = [a, b]; fiber_pairs = 1; length = 30 km }
        demand d { between = [a, b]; rate = 1 Tb/s }
        """
    assert [one.code.code for one in compile_text(text).findings] == ["WAN113", "WAN114"]
    assert left_out(text) == []


def test_of_a_plan_that_cannot_be_read_nothing_is_examined() -> None:
    """It is said, so that what is not told does not look as if it held."""
    assert left_out("building b { load = 1 km }") == ["all that must hold, the plan cannot be read"]
