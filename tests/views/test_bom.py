"""The bill of materials as Markdown, CSV and JSON: what is written, and what untrusted text cannot do in it."""

from __future__ import annotations

import csv
import datetime
import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planlang.compiler import Result, compile_path, compile_text
from planlang.core.bill import BillLine
from planlang.lang.dimensions import money
from planlang.lang.values import Quantity
from planlang.views import bom, markdown

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).with_name("quickstart.bom.md")
USD = money("USD")
LINE = BillLine(
    "nvidia.gb200", "compute", "Rack", 2083, "each", Quantity(3e6, USD), Quantity(6.249e9, USD), "a",
    datetime.date(2026, 2, 1), None, "a letter",
)  # fmt: skip

HOSTILE = [
    "a|b", "`code`", "``", "<script>alert(1)</script>", "line\nbreak", "\r\n| x |", "![x](http://e.x/p.png)",
    "[x](javascript:alert)", "**bold**", "__init__", "a_b", "~~x~~", "&lt;b&gt;", "&#60;", "http://e.x", "www.e.x",
    "# head", "- item", "1. item", "---", "===", "> quote", "\\", "\\|", "|", "a\\", "\u202eabc", "\x00\x1b[31m", "$x$",
    "\u2028", "``|``", "@everyone", "#12", "{{ 7 * 7 }}", "{% raw %}", "<!-- -->", "===\n===",
]  # fmt: skip


def markdown_of(result: Result) -> str:
    return bom.to_markdown(result, bom.bill(result.situation), "quickstart")


# --- what is written -----------------------------------------------------------------------------


def test_the_markdown_of_an_example() -> None:
    """The whole document of the first example, as it is committed."""
    made = markdown_of(compile_path(str(ROOT / "examples" / "quickstart.plan")))
    assert made == GOLDEN.read_text("utf-8")


def test_json_is_as_documented() -> None:
    """Every field; what is unknown is null."""
    situation = compile_text("").situation
    document = bom.to_document(situation, [LINE, LINE._replace(unit_price=None, price=None, needed_by=None)])
    assert document["format_version"] == "1.0"
    assert document["lines"][0] == {
        "item": "nvidia.gb200",
        "category": "compute",
        "description": "Rack",
        "quantity": 2083,
        "unit": "each",
        "unit_price": {"kind": "quantity", "value": 3e6, "unit": "USD", "text": "3 MUSD"},
        "price": {"kind": "quantity", "value": 6.249e9, "unit": "USD", "text": "6.249 GUSD"},
        "site": "a",
        "needed_by": "2026-02-01",
        "order_by": None,
        "source": "a letter",
    }
    assert [document["lines"][1][key] for key in ("unit_price", "price", "needed_by")] == [None, None, None]
    json.dumps(document, allow_nan=False)


def test_csv_has_plain_numbers() -> None:
    """A line an item, money as numbers beside its currency, nothing for what is unknown."""
    assert bom.to_csv([LINE, LINE._replace(unit_price=None, price=None)]).splitlines() == [
        "item,category,description,quantity,unit,unit_price,price,currency,site,needed_by,order_by,source",
        "nvidia.gb200,compute,Rack,2083,each,3000000,6249000000,USD,a,2026-02-01,,a letter",
        "nvidia.gb200,compute,Rack,2083,each,,,,a,2026-02-01,,a letter",
    ]


def test_titles_docs_sources_and_warnings_appear() -> None:
    """What the plan says of its blocks, where figures come from, and what is assumed, once for a range."""
    made = markdown_of(
        compile_text(
            """
            ## Two of a kind.
            plan p "The plan" { horizon = 2026-01 .. 2027-12 }
            measure most_racks = most(racks) "Racks at the end"
            measure full = first(racks > 6)
            system rack "Rack" { power = 100 kW; source = "a letter. And more." }
            campus a "Alpha" {
              ## Next to the river.
              building b[1..3] "Hall" { deploy d { system = rack; count = 2 } }
              substation s { rating = 950 kVA }
              utility grid { capacity = 500 kW
                accept PWR103 until 2026-06 "turbines bridge it" }
            }
            """
        )
    )
    assert made.startswith("# The plan: bill of materials\n\nTwo of a kind.\n")
    assert "| Horizon          | from 2026-01 until 2028-01 " in made
    assert "\n- `a` Alpha\n" in made
    assert "\n- `a.b[1]` Hall (and 2 more): Next to the river.\n" in made
    assert "\n- `rack`: a letter. And more.\n" in made
    assert "\n- PWR121 `plan.plan:" in made
    assert "\n| Holds if " in made
    assert "\n| Racks at the end | 6 " in made
    assert "\n| full             | never " in made
    assert "\n## Accepted\n\n- PWR103 until 2026-06, turbines bridge it: `a.grid`: facility load of " in made
    assert "\n- Not examined: cooling, no cooling plant is written\n" in made
    assert re.search(r"^\| `a` +\| Alpha +\| 0 +\| 600 kW +\| 6 +\| – +\| 2 of 2 +\|$", made, re.MULTILINE)


def test_a_plan_without_things_has_a_bill() -> None:
    """Nothing to buy is said."""
    assert "\nNothing is to be bought.\n" in markdown_of(compile_text(""))


def test_a_table_is_padded_and_aligned_left() -> None:
    """Every row of a table has the width of the others, in cells of a terminal."""
    made = markdown.table([["Name", "n"], ["Wide", "w", "code"]], [{"n": "漢字", "w": "a"}, {"n": None, "w": ""}])
    assert made.splitlines() == [
        "| Name | Wide |",
        "| ---- | ---- |",
        "| 漢字 | `a`  |",
        "| –    | –    |",
    ]


def test_long_texts_do_not_fill_the_bill() -> None:
    """Descriptions, sources and titles stand in it once for each site: of a long one the beginning does."""
    result = compile_text(
        f'system rack "{"t" * 5_000}" {{ power = 100 kW; source = "{"s" * 5_000}" }}\n'
        f'campus c[1..3] "{"u" * 5_000}" {{ building b {{ peak_pue = 1.2; deploy d {{ system = rack; count = 2 }} }} }}'
    )
    lines = bom.bill(result.situation)
    assert {len(line.description) for line in lines} == {bom.LONGEST_CELL}
    assert max(len(line.source) for line in lines) < bom.LONGEST_CELL
    assert re.findall("u{5000}", markdown_of(result)) == ["u" * 5_000]  # where the plan's own words are listed, once


# --- untrusted text ------------------------------------------------------------------------------


def cells_of(row: str) -> list[str]:
    """The cells of a row, as GFM parts them: at every bar without a backslash before it."""
    return re.split(r"(?<!\\)(?:\\\\)*\|", row)[1:-1]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_one_cell(text: str) -> None:
    """Whatever a label is, the row keeps its cells, and has no tag, line break or direction mark."""
    made = markdown.table([["A", "a"], ["B", "b", "code"]], [{"a": text, "b": text}])
    lines = made.split("\n")
    assert len(lines) == 3
    assert len(cells_of(lines[2])) == 2
    first = cells_of(lines[2])[0]
    assert not re.search(r"<|(?<!\\)[`*\[~]|\u202e|[\x00-\x1f]|https?:|www\.", first)


@given(st.text(max_size=30))
def test_any_text_is_one_cell(text: str) -> None:
    """For any text at all."""
    lines = markdown.table([["A", "a"], ["B", "b", "code"]], [{"a": text, "b": text}]).split("\n")
    assert len(lines) == 3
    assert len(cells_of(lines[2])) == 2


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("nvidia gb200_nvl72", "nvidia gb200_nvl72"),
        ("_x_ and __y__", r"\_x\_ and \_\_y\_\_"),
        ("a|b", r"a\|b"),
        ("<b>", "&lt;b&gt;"),
        ("a & b &amp; c", "a & b &amp;amp; c"),
        ("1.9769 GW", "1.9769 GW"),
        ("1. one", r"1\. one"),
        ("# one", r"\# one"),
        ("- one", r"\- one"),
        ("-5", "-5"),
        ("two\nlines", "two lines"),
        ("\u202ex", r"\\u202ex"),
        ("see https://e.x", "see https&#58;//e.x"),
    ],
)
def test_escapes_are_no_more_than_needed(text: str, escaped: str) -> None:
    """Ordinary text stays readable in the source."""
    assert markdown.escape(text) == escaped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("`a` has no `b_`: 1 is assumed", "`a` has no `b_`: 1 is assumed"),
        ("`a|b` <x> `", r"\`a\|b\` &lt;x&gt; \`"),
        ("`a|b` <x>", r"a\|b &lt;x&gt;"),
        ("`` x", " x"),
    ],
)
def test_messages_keep_their_code(text: str, shown: str) -> None:
    """What a message quotes is code; what it quotes cannot end the quotation."""
    assert markdown.prose(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\N{MINUS SIGN}5", "'\N{MINUS SIGN}5"),
        ("\N{FULLWIDTH EQUALS SIGN}1+1", "'\N{FULLWIDTH EQUALS SIGN}1+1"),
        ("\N{FULLWIDTH COMMERCIAL AT}x", "'\N{FULLWIDTH COMMERCIAL AT}x"),
        ("\N{SMALL PLUS SIGN}1", "'\N{SMALL PLUS SIGN}1"),
        ("  =1+1", "  '=1+1"),
        ("\N{NO-BREAK SPACE}=1+1", "\N{NO-BREAK SPACE}'=1+1"),
        ("\N{ZERO WIDTH JOINER}=1+1", "\N{ZERO WIDTH JOINER}'=1+1"),
        ("\t=1+1", "    '=1+1"),
        ("\r=1+1", "\\r=1+1"),
        ("a\n=1+1", "a\\n=1+1"),
        ("x;=1+1", "x;'=1+1"),
        ("x; =1+1;@y", "x; '=1+1;'@y"),
        (";=1", ";'=1"),
        ("a\x00\x1b[31mb\x7f", "a\\x00\\x1b[31mb\\x7f"),
        ("\u202ecod.exe", "\\u202ecod.exe"),
        ("\u2066x\u200f", "\\u2066x\\u200f"),
        ("N+1; 80% of 2 - 1; 北京", "N+1; 80% of 2 - 1; 北京"),
    ],
)
def test_no_cell_is_a_formula(text: str, shown: str) -> None:
    """What a spreadsheet would compute stands behind an apostrophe, at the start of a cell and where a `;` may part it;
    what hides or turns text is shown; all else, and numbers, stay as they are."""
    line = LINE._replace(description=text, site=text, source=text, item=text, unit=text)
    row = next(iter(list(csv.DictReader(io.StringIO(bom.to_csv([line]), newline="")))))
    assert [row[key] for key in ("item", "description", "site", "source", "unit")] == [shown] * 5
    assert row["quantity"] == "2083"


@given(st.text(max_size=30))
def test_any_text_is_no_formula(text: str) -> None:
    """For any text at all, whether cells are parted at `,` or at `;`."""
    made = str(bom.cell(text))
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", made)
    for part in made.split(";"):
        begin = unicodedata.normalize("NFKC", part.lstrip("\u200c\u200d \u00a0\u2009")[:1])
        assert begin[:1] not in ("=", "+", "-", "@")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("@everyone", "@&#8288;everyone"),
        ("ask @some-one or @org/team", "ask @&#8288;some-one or @&#8288;org/team"),
        ("fixes #12, org/repo#3", "fixes #&#8288;12, org/repo#&#8288;3"),
        ("see !7 and gh-8", "see !&#8288;7 and gh&#8288;-8"),
        ("a@b.example", "a@&#8288;b.example"),
        ("2 MW @ 0.9, # of racks", "2 MW @ 0.9, # of racks"),
        ("<b>@x</b>", "&lt;b&gt;@&#8288;x&lt;/b&gt;"),
    ],
)
def test_nobody_is_called(text: str, escaped: str) -> None:
    """No mention, no reference to an issue: a word joiner parts them, in cells and in sentences."""
    assert markdown.escape(text) == escaped
    assert markdown.prose(text) == escaped
    assert f"| {escaped} |" in markdown.table([["A", "a"]], [{"a": text}])
    assert markdown.code(text) == f"`{text}`"


def test_hostile_titles_do_not_reach_the_markdown() -> None:
    """Titles and docs of a plan come out escaped, in every section."""
    evil = "<img src=x>|`x` ![i](http://e.x)"
    made = markdown_of(
        compile_text(
            f"## {evil}\n"
            f'plan p "{evil}" {{ }}\nsystem r "{evil}" {{ power = 1 kW; source = "{evil}" }}\n'
            f'## {evil}\ncampus c "{evil}" {{ deploy d "{evil}" {{ system = r; count = 1 }} }}'
        )
    )
    assert "<img" not in made
    assert "![" not in made
    assert "http:" not in made
    assert "&lt;img src=x&gt;\\|\\`x\\` !\\[i\\](http&#58;//e.x)" in made


# --- determinism ---------------------------------------------------------------------------------

_MAKE = """
import json, sys
from planlang.compiler import compile_path
from planlang.views import bom
result = compile_path(sys.argv[1])
lines = bom.bill(result.situation)
sys.stdout.reconfigure(encoding="utf-8")
print(bom.to_markdown(result, lines), bom.to_csv(lines), json.dumps(bom.to_document(result.situation, lines)))
"""


def test_the_same_plan_gives_the_same_bytes() -> None:
    """Whatever the order of hashes."""
    made = {
        subprocess.run(
            [sys.executable, "-c", _MAKE, str(ROOT / "examples" / "fairwater")],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(made) == 1
    assert len(made.pop()) > 5000
