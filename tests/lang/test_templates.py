"""Templates, ranges and what overrides what: section 5 of the language, line by line."""

from __future__ import annotations

from reading import attribute, block, derived, messages, read, shown

BASE = """template building t "Base" { let racks = 10; load = racks * 100 kW; budget = load * 2; peak_pue = 1.3
  ups main { rating = 1 MW; count = 3; redundancy = N+1 }
  utility grid { capacity = 50 MW }
}
"""


def test_a_template_is_not_built() -> None:
    """It defines only; its mistakes are found where it is built."""
    assert len(read("template building t { load = 3 km }").situation.entities) == 0


def test_overriding_a_parameter_changes_all_that_is_computed_from_it() -> None:
    """Attributes are lazy: `racks` is the `let` of the instance."""
    plan = read(BASE + "building a is t\nbuilding b is t { let racks = 20 }\nbuilding c is t { load = 3 MW }")
    assert [(shown(plan, one, "load"), shown(plan, one, "budget")) for one in "abc"] == [
        ("1 MW", "2 MW"),
        ("2 MW", "4 MW"),
        ("3 MW", "6 MW"),
    ]


def test_title_documentation_start_and_rules_come_along() -> None:
    """All but the name, which is the instance's; a title of its own wins."""
    plan = read(
        """## What it is.
        template building t "Base" { load = 2 MW; peak_pue = 1.3; from = 2026-02; prefer it_load < 1 MW }
        building a is t
        building b "Mine" is t { from = 2027-01 }"""
    )
    assert [block(plan, one).title for one in "ab"] == ["Base", "Mine"]
    assert block(plan, "a").shape.doc == "What it is."
    assert [shown(plan, one, "from") for one in "ab"] == ["2026-02", "2027-01"]
    assert [finding.code.code for finding in plan.findings] == ["RUL102", "RUL102"]


def test_a_template_starts_from_another() -> None:
    """Recursively; each body lies on the one before."""
    plan = read(BASE + "template building u is t { let racks = 20; area = 5 m2 }\nbuilding a is u { area = 6 m2 }")
    assert (shown(plan, "a", "load"), shown(plan, "a", "area")) == ("2 MW", "6 m2")


def test_a_block_of_the_same_kind_and_name_merges() -> None:
    """What it writes replaces, the rest stays; another name is added."""
    plan = read(BASE + "building a is t { ups main { rating = 2 MW }\n ups more { rating = 3 MW } }")
    assert (shown(plan, "a.main", "rating"), attribute(plan, "a.main", "count")) == ("2 MW", 3)
    assert [one.path for one in plan.situation.of_kind("ups")] == ["a.main", "a.more"]


def test_dotted_assignments_reach_deeper() -> None:
    """Into a block of the base, at any depth, and into one member of a range."""
    plan = read(
        BASE
        + """building a is t { main.rating = 2 MW; racks = 2 }
        campus c { building x[1..2] is t\n x[2].main.rating = 5 MW\n x.main.count = 4 }
        c.x[1].grid.capacity = 9 MW"""
    )
    assert shown(plan, "a.main", "rating") == "2 MW"
    assert [shown(plan, f"c.x[{i}].main", "rating") for i in (1, 2)] == ["1 MW", "5 MW"]
    assert [attribute(plan, f"c.x[{i}].main", "count") for i in (1, 2)] == [4, 4]
    assert [shown(plan, f"c.x[{i}].grid", "capacity") for i in (1, 2)] == ["9 MW", "50 MW"]


def test_a_dotted_assignment_means_names_where_it_is_written() -> None:
    """`size` and `count` are those of the block that says so, not of the ups; `main.count` is the base's."""
    plan = read(
        BASE
        + """building a is t { let size = 7 MW; let count = 50; main.rating = size; main.count = count + 1 }
        building b is t { main.count = main.count + 1 }"""
    )
    assert shown(plan, "a.main", "rating") == "7 MW"
    assert (attribute(plan, "a.main", "count"), attribute(plan, "b.main", "count")) == (51, 4)


def test_remove_takes_out_of_the_base() -> None:
    """An attribute, a `let`, a block, a member of a range; before the body adds."""
    plan = read(
        BASE
        + """template campus c { building x[1..3] { load = 1 MW; peak_pue = 1.3 } }
        building a is t { remove budget; remove main }
        building b is t { remove main; ups main { rating = 4 MW } }
        campus d is c { remove x[2] }"""
    )
    assert plan.situation.at("a.main") is None
    assert "budget" not in plan.situation.at("a").written  # type: ignore[union-attr]
    assert "count" not in plan.situation.at("b.main").written  # type: ignore[union-attr]
    assert [one.path for one in plan.situation.of_kind("building")] == ["a", "b", "d.x[1]", "d.x[3]"]


def test_remove_reaches_deeper() -> None:
    """`remove main.count` leaves the kind's default."""
    plan = read(BASE + "building a is t { remove main.count; let racks = 0 }")
    assert "count" not in plan.situation.at("a.main").written  # type: ignore[union-attr]


def test_a_block_may_be_a_base() -> None:
    """Any of the same kind, the other one staying as it is; a SKU of the catalogue too."""
    plan = read(
        """use nvidia
        system hot is nvidia.gb200_nvl72 { power = 140 kW }
        building a { load = 1 MW; peak_pue = 1.3 }
        building b is a { deploy d { system = hot; count = 2 } }"""
    )
    assert (derived(plan, "a", "it_load"), derived(plan, "b", "it_load")) == ("1 MW", "1.28 MW")
    assert derived(plan, "b", "accelerators") == "144"


def test_ranges_count_and_know_their_number() -> None:
    """`index` is the number, in whatever stands inside, too; bounds are expressions."""
    plan = read(
        """let n = 3
        campus c { peak_pue = 1.3
          building x[1..n] { from = 2026-01 + (index - 1) * 6 months
            hall h { load = index * 1 MW } } }"""
    )
    assert [shown(plan, f"c.x[{i}]", "from") for i in (1, 2, 3)] == ["2026-01", "2026-07", "2027-01"]
    assert [shown(plan, f"c.x[{i}].h", "load") for i in (1, 2, 3)] == ["1 MW", "2 MW", "3 MW"]


def test_a_member_merges_into_its_range() -> None:
    """Before or after it, and over what it starts from; the others stay."""
    plan = read(
        BASE
        + """campus c { building x[2] { let racks = 50 }
          building x[1..3] is t { budget = 9 MW }
          building x[3] { ups main { count = 9 } } }"""
    )
    assert [shown(plan, f"c.x[{i}]", "load") for i in (1, 2, 3)] == ["1 MW", "5 MW", "1 MW"]
    assert [attribute(plan, f"c.x[{i}].main", "count") for i in (1, 2, 3)] == [3, 3, 9]
    assert {shown(plan, f"c.x[{i}]", "budget") for i in (1, 2, 3)} == {"9 MW"}


def test_an_empty_range_builds_nothing() -> None:
    """`1..0` is no mistake: a template's parameter may be zero."""
    plan = read(
        """template campus c { let n = 2\n building x[1..n] { load = 1 MW; peak_pue = 1.3 } }
        campus d is c { let n = 0 }"""
    )
    assert [one.path for one in plan.situation.entities] == ["d"]


def test_members_written_one_by_one() -> None:
    """Numbered blocks without a range are the range of those numbers."""
    plan = read(
        """campus c { peak_pue = 1.3; require count(x) == 2
          building x[4] { load = 1 MW }
          building x[2] { load = 2 MW } }"""
    )
    assert [one.path for one in plan.situation.of_kind("building")] == ["c.x[2]", "c.x[4]"]


def test_an_instance_sees_its_own_place_then_the_templates() -> None:
    """A template's name resolves in the instance, outward, then where the template is written."""
    plan = read(
        """campus home { let size = 5 MW; let other = 6 MW; load = 1 MW; peak_pue = 1.3
          template building t { load = size; budget = other; peak_pue = 1.3 } }
        campus away { let size = 2 MW\n building b is home.t }"""
    )
    assert (shown(plan, "away.b", "load"), shown(plan, "away.b", "budget")) == ("2 MW", "6 MW")


def test_a_template_holds_templates() -> None:
    """Inner templates are parameters too: an override reaches what starts from them."""
    plan = read(
        """template campus c { peak_pue = 1.3
          template building b { load = 1 MW }
          building x[1..2] is b }
        campus one is c
        campus two is c { template building b { load = 4 MW } }"""
    )
    assert (derived(plan, "one", "it_load"), derived(plan, "two", "it_load")) == ("2 MW", "8 MW")


def test_writing_twice_is_an_error_and_overriding_is_not() -> None:
    """In one body, of an attribute, a `let`, a dotted path, a template."""
    assert messages("building b { load = 1 MW; peak_pue = 1.3; load = 1 MW }") == [
        "NAM102 `load` is written twice in this body"
    ]
    assert messages(BASE + "building b is t { main.count = 3; main.count = 4 }") == [
        "NAM102 `main.count` is written twice in this body"
    ]


def test_a_mistake_in_a_template_is_told_once() -> None:
    """However many instances have it, at the template's own place."""
    text = "template building t { load = 3 km; peak_pue = 1.3 }\ncampus c { building x[1..9] is t\n building y is t }"
    assert messages(text) == ["KND103 `load` is a length (3 km) where a power is due, as in `300 MW`"]


def test_templates_that_contain_one_another() -> None:
    """Through any number of templates, blocks or ranges, without building first."""
    assert messages(
        "template building t { hall a is h\n hall b is h }\ntemplate hall h { hall c is h }\nbuilding x is t"
    ) == ["TPL103 `h` contains itself: what is built of it would hold another, without end"]
    assert messages("campus a { campus x is a { } }") == [
        "TPL103 `a` contains itself: what is built of it would hold another, without end"
    ]
