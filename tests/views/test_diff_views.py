"""Text and Markdown of differences: what is cut is said, and nothing that a plan says can be taken for markup."""

from __future__ import annotations

import re

from planlang.comparing import compared
from planlang.compiler import compile_text
from planlang.views import diff_markdown, diff_text
from planlang.views.diff_document import document
from planlang.views.diff_schema import Diff

HOSTILE = "</details><script>alert(1)</script> @someone #7 [x](javascript:x) `a` | \x1b[31m \u202e"


def _diff(old: str, new: str) -> Diff:
    return document(compared(compile_text(old), compile_text(new)))


def _regions(many: int, start: int) -> str:
    return "".join(f"region r{number} {{ carbon = {number + start} g/kWh }}\n" for number in range(many))


def test_markdown_is_cut_and_says_so() -> None:
    """Of very many changes it holds as many as fit; each section, and the head, says how many are left out."""
    found = _diff(_regions(4_000, 1), _regions(4_000, 2))
    text = diff_markdown.render(found)
    assert len(found["written"]) == 4_000
    assert 60_000 < len(text) <= diff_markdown.MOST_CHARACTERS
    cut = re.search(r"\nCut to 65,536 characters: ([0-9,]+) lines not shown\.\n", text)
    assert cut is not None
    gone = int(cut[1].replace(",", ""))
    assert f"- and {gone:,} more: `plan diff --format json` has them all\n\n</details>" in text
    folded = text[text.index("<details>") :]
    assert folded.count("\n- `~` ") == 4_000 - gone
    head = text[: text.index("<details>")]
    assert len([line for line in head.split("\n") if line.startswith("- ")]) <= diff_markdown.MOST_STORY
    assert text.count("<details>") == text.count("</details>") == 1


def test_text_is_cut_and_says_so() -> None:
    """Forty changes of a section, and how many more."""
    text = diff_text.render(_diff(_regions(60, 1), _regions(60, 2)))
    assert text.endswith("  and 20 more: `--format json` has them all\n")
    assert text.count("(local)") == 40


def test_one_long_value() -> None:
    """A value without end is cut."""
    words = ", ".join(f'"{number}"' for number in range(9_000))
    old = 'region r { carbon = 1 g/kWh }\nrequire count([1]) > 2 "a"\n'
    found = _diff(old, old.replace("[1]", f"[{words}]"))
    assert len(diff_markdown.render(found)) < 5_000
    assert len(diff_text.render(found)) < 5_000


def test_what_a_plan_says_is_no_markup() -> None:
    """Titles and messages are shown as they are, escaped."""
    old = "campus c { utility grid { capacity = 1 MW }; building b { load = 2 MW; pue = 1.2; peak_pue = 1.2 } }\n"
    said = HOSTILE.replace("\x1b", "").replace("\u202e", "")
    new = old.replace("campus c {", f'campus c "{said}" {{ accept PWR103 "{said}"') + f'require 1 > 2 "{said}"\n'
    found = _diff(old, new)
    markdown = diff_markdown.render(found)
    assert "<script" not in markdown
    assert markdown.count("</details>") == markdown.count("<details>")
    assert not re.search(r"@someone|(?<!&)#7|(?<!\\)\]\(javascript", markdown)
    assert not set(diff_text.render(found, colour=False)) & {"\x1b", "\u202e", "\r", "\0"}


def test_colours_on_a_terminal() -> None:
    """What comes is green, what goes red, what changes yellow."""
    text = diff_text.render(_diff(_regions(2, 1), _regions(1, 2) + "region s { }\n"), colour=True)
    assert "\x1b[1;33m~\x1b[0m [1] r0.carbon: 1 g/kWh -> 2 g/kWh" in text
    assert "\x1b[1;31m-\x1b[0m [2] r1: `region r1`" in text
    assert "\x1b[1;32m+\x1b[0m [3] s: `region s`" in text
