"""What names mean and when they are computed: section 4 of the language, line by line."""

from __future__ import annotations

import pytest
from reading import attribute, derived, messages, read, shown

# --- scope -------------------------------------------------------------------------------------------


def test_a_name_is_found_from_the_inside_out() -> None:
    """The block's own name hides the enclosing block's, which hides the top level's."""
    plan = read(
        """let x = 1 MW
        campus a { let x = 2 MW; peak_pue = 1.3
          building b { let x = 3 MW; load = x }
          building c { load = x } }
        building d { load = x; peak_pue = 1.3 }"""
    )
    assert [shown(plan, path, "load") for path in ("a.b", "a.c", "d")] == ["3 MW", "2 MW", "1 MW"]


def test_order_never_matters() -> None:
    """A name may be used before it is defined, in its body and in another file's order."""
    plan = read("building b { load = y; let y = x * 2; let x = z; peak_pue = 1.3 }\nlet z = 1 MW")
    assert shown(plan, "b", "load") == "2 MW"


def test_attributes_that_are_not_written_are_passed_over() -> None:
    """`budget` of a building without one is the campus's."""
    plan = read("campus a { budget = 10 MW; peak_pue = 1.3\n building b { load = budget / 2 } }")
    assert shown(plan, "a.b", "load") == "5 MW"


def test_attributes_are_names_for_what_stands_inside() -> None:
    """A hall reads its building's attribute, and a deploy the hall's block."""
    plan = read("building b { peak_pue = 1.3; storeys = 2\n hall h { positions = 100 * storeys; load = 1 MW } }")
    assert attribute(plan, "b.h", "positions") == 200


def test_a_name_in_its_own_assignment_is_the_enclosing_one() -> None:
    """Without a base, `rows = rows` reads outward."""
    plan = read("building b { let rows = 7; peak_pue = 1.3\n hall h { rows = rows; load = 1 MW } }")
    assert attribute(plan, "b.h", "rows") == 7


def test_a_name_in_its_own_assignment_is_the_bases() -> None:
    """With a base, what the base says is what the line would mean without itself."""
    plan = read("template building t { load = 3 MW; peak_pue = 1.3 }\nbuilding b is t { load = load * 2 }")
    assert shown(plan, "b", "load") == "6 MW"


def test_the_base_comes_before_the_enclosing_scope() -> None:
    """Both have the name; the base's is meant."""
    plan = read(
        """template building t { let n = 3; load = n * 1 MW; peak_pue = 1.3 }
        campus a { let n = 100\n building b is t { let n = n + 1 } }"""
    )
    assert shown(plan, "a.b", "load") == "4 MW"


def test_what_is_written_wins_over_what_is_derived() -> None:
    """A `let racks` hides the derived `racks`, in rules too."""
    read("building b { let racks = 3; load = 1 MW; peak_pue = 1.3; require racks == 3 }")


def test_modules_come_last() -> None:
    """A name of the plan hides a module of that name."""
    plan = read("use nvidia\nlet nvidia = 2 MW\nbuilding b { load = nvidia; peak_pue = 1.3 }")
    assert shown(plan, "b", "load") == "2 MW"


def test_members_read_what_passes_down() -> None:
    """`b.pue` is the campus's where the building writes none."""
    plan = read("campus a { pue = 1.2; peak_pue = 1.3\n building b { load = 1 MW } \n let x = b.pue }")
    assert attribute(plan, "a", "x") == 1.2


# --- words -------------------------------------------------------------------------------------------


def test_words_stand_bare() -> None:
    """On the right of their attribute, opposite it in `==` and `!=`, and in the branches of an `if`."""
    read(
        """let cheap = true
        campus a { tenure = if cheap then leased else owned; load = 1 MW; peak_pue = 1.3 }
        campus b { tenure = owned; load = 1 MW; peak_pue = 1.3 }
        require count(c for c in campuses where c.tenure == leased) == 1
        require count(c for c in campuses where leased != c.tenure) == 1"""
    )


def test_a_word_hides_no_name_elsewhere() -> None:
    """`owned` is a name like any other where no word is due."""
    plan = read("let owned = 2 MW\ncampus a { tenure = owned; load = owned; peak_pue = 1.3 }")
    assert (shown(plan, "a", "tenure"), shown(plan, "a", "load")) == ("owned", "2 MW")


def test_words_vary_in_time() -> None:
    """`status` takes a schedule of words; while paused, there is no load."""
    plan = read("campus a { status = [live from 2026-01, paused from 2027-01]; load = 1 MW; peak_pue = 1.3 }")
    assert derived(plan, "a", "it_load") == "1 MW until 2027-01, 0 W from 2027-01"


# --- collections -------------------------------------------------------------------------------------


def test_collections_hold_what_is_at_any_depth() -> None:
    """`deploys` of the plan, a campus and a building; `utilities` by the irregular plural."""
    read(
        """use nvidia
        campus a { peak_pue = 1.3; utility grid { capacity = 50 MW }
          building b { hall h { deploy x { system = nvidia.gb200_nvl72; count = 2 } }
                       deploy y { system = nvidia.gb200_nvl72; count = 3 } }
          require count(deploys) == 2 and count(b.deploys) == 2 and count(b.h.deploys) == 1
          require count(utilities) == 1 and count(halls) == 1 }
        require count(deploys) == 2 and count(campuses) == 1 and sum(d.count for d in deploys) == 5"""
    )


def test_a_ranges_name_is_the_list_of_its_members() -> None:
    """`gpu` alone is every member, `gpu[2]` one; lists of references flatten."""
    plan = read(
        """campus a { peak_pue = 1.3; utility grid { capacity = 50 MW; serves = [gpu, c] }
          building gpu[1..3] { load = index * 1 MW }
          building c { load = 1 MW }
          require sum(b.it_load for b in gpu) == 6 MW and gpu[2].it_load == 2 MW }"""
    )
    assert [one.path for one in attribute(plan, "a.grid", "serves")] == ["a.gpu[1]", "a.gpu[2]", "a.gpu[3]", "a.c"]


def test_filters_over_schedules() -> None:
    """A `where` that comes and goes in time takes its members along."""
    plan = read(
        """campus a { peak_pue = 1.3
          building b { load = [1 MW from 2026-01, 9 MW from 2027-01] }
          building c { load = 2 MW }
          require sum(x.it_load for x in buildings where x.it_load < 5 MW) == 3 MW from 2026-06 }"""
    )
    assert [(str(i.start), i.until) for i in plan.findings[0].intervals] == [("2027-01-01", None)]


# --- two stages --------------------------------------------------------------------------------------


def test_rules_read_derived_quantities() -> None:
    """Attributes may not (NAM106); rules and milestones may, pointwise in time."""
    read(
        """building b { load = [1 MW from 2026-01, 2 MW from 2027-01]; budget = 3 MW; peak_pue = 1.5
          require facility_load == it_load * 1.5 and headroom == budget - it_load
          milestone m { by = 2027-01; holds = it_load >= 2 MW } }"""
    )
    assert messages("building b { load = 1 MW; peak_pue = 1.5; area = it_load * 1 m^2 / 1 W }") == [
        "NAM106 `it_load` is derived from the built plan, and cannot be part of an attribute"
    ]


def test_functions_of_time() -> None:
    """`at` fixes the time, `first` finds it."""
    read(
        """building b { load = [1 MW from 2026-01, 2 MW from 2027-01]; peak_pue = 1.5
          require at(it_load, 2026-05) == 1 MW and first(it_load > 1 MW) == 2027-01 and most(it_load) == 2 MW }"""
    )


def test_zero_by_zero_is_passed_over() -> None:
    """`average_load / it_load` of nothing is neither held nor failed; where it is so on all dates, that is said."""
    rule = "peak_pue = 1.3; require average_load / it_load > 0.5"
    assert read(f"building b {{ load = [1 MW from 2027-01]; {rule} }}").findings == ()
    assert messages(f"building b {{ load = 0 MW; {rule} }}") == [
        "RUL104 require in `b` is not examined: in `average_load / it_load > 0.5` 0 is divided by 0 on every date"
    ]


# --- cycles ------------------------------------------------------------------------------------------


def test_a_cycle_is_shown_whole_and_once() -> None:
    """From where it is written first, whoever asks first; what depends on it says nothing."""
    assert messages("let c = a\nlet a = b + 1\nlet b = c\nbuilding x { load = b * 1 MW; budget = a * 1 MW }") == [
        "NAM104 a cycle: `c` needs `a` needs `b` needs `c`"
    ]


def test_a_value_that_needs_itself() -> None:
    """With neither base nor enclosing name, there is nothing for it to mean; a detour is a cycle."""
    assert messages("building b { load = b.load; peak_pue = 1.3 }") == ["NAM107 `b` does not set `load`"]
    assert messages("building b { load = max(budget, 1 MW); budget = load; peak_pue = 1.3 }") == [
        "NAM104 a cycle: `b.load` needs `b.budget` needs `b.load`"
    ]
    assert messages("building b { let x = x + 1; load = x; peak_pue = 1.3 }") == ["NAM101 unknown name `x`"]


# --- schedules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("load = [4 MW from 2026-01, 5 MW from 2027-06]", "0 MW until 2026-01, 4 MW from 2026-01, 5 MW from 2027-06"),
        ("status = [paused from 2026-01, live from 2027-06]", "paused until 2027-06, live from 2027-06"),
    ],
)
def test_before_its_first_date(written: str, read_as: str) -> None:
    """Loads are zero; other values keep the first."""
    plan = read(f"campus a {{ peak_pue = 1.3; {written} }}")
    assert shown(plan, "a", written.split()[0]) == read_as


def test_presence_masks_loads() -> None:
    """`from` and `until` of a block, or of what it stands in, cut its schedule."""
    plan = read(
        """campus a { peak_pue = 1.3; from = 2026-01; until = 2029-01
          building b { load = [1 MW from 2025-01, 2 MW from 2027-01] }
          building c { load = 4 MW; from = 2026-07; until = 2028-01 } }"""
    )
    assert derived(plan, "a.b", "it_load") == (
        "0 W until 2026-01, 1 MW from 2026-01, 2 MW from 2027-01, 0 W from 2029-01"
    )
    assert derived(plan, "a", "it_load") == (
        "0 W until 2026-01, 1 MW from 2026-01, 5 MW from 2026-07, 6 MW from 2027-01, 2 MW from 2028-01, "
        "0 W from 2029-01"
    )


def test_a_let_may_vary() -> None:
    """Before its first date it has no value: what is computed of it is zero there, or as at first; rules pass over."""
    plan = read(
        """let x = [1 MW from 2026-01, 3 MW from 2027-01]
        building b { load = x * 2; peak_pue = 1.3; budget = if x > 2 MW then 6 MW else 9 MW; from = 2025-01
          require x > 2 MW from 2025-06 }"""
    )
    assert shown(plan, "b", "load") == "0 W until 2026-01, 2 MW from 2026-01, 6 MW from 2027-01"
    assert shown(plan, "b", "budget") == "0 MW until 2026-01, 9 MW from 2026-01, 6 MW from 2027-01"
    assert [(str(i.start), str(i.until)) for i in plan.findings[0].intervals] == [("2026-01-01", "2027-01-01")]
