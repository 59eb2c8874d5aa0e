"""What stands in a region counts for the whole plan."""

from __future__ import annotations

import pytest

from planlang.compiler import compile_text
from planlang.core.moment import steps_of

SITE = """campus %s { pue = 1.2; utility grid { capacity = 20 MW }
  hall h { density = 99 kW; deploy d { system = s; count = 4 } } }"""
SYSTEM = "system s { power = 90 kW; accelerators = 8 }\n"


@pytest.mark.parametrize("name", ["it_load", "facility_load", "accelerators", "racks", "energy", "heat"])
def test_in_a_region_or_not(name: str) -> None:
    """Sums of the plan are the same, whether its sites stand in regions or beside them."""
    plain = compile_text(f"{SYSTEM}{SITE % 'a'}\n{SITE % 'b'}").situation
    within = compile_text(f"{SYSTEM}region w {{ {SITE % 'a'} }}\n{SITE % 'b'}").situation
    one, other = (steps_of(situation, None, name) for situation in (plain, within))
    assert one is not None
    assert one == other
    assert any(one.values)


def test_rules_of_the_plan_see_them() -> None:
    """A `require` at the top level reads the load of a campus in a region."""
    site = "campus a { utility grid { capacity = 20 MW }; building one { load = 10 MW; pue = 1; peak_pue = 1 } }"
    assert compile_text(f"region w {{ {site} }}\nrequire it_load == 10 MW").verdict == "holds"
