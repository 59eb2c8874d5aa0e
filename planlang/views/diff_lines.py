"""What the document of a comparison says, in lines, a section for each part. Text and Markdown are made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.lang.text import listed
from planlang.views.diagnostics import date_text, number_text, place, rank, value_text
from planlang.views.folding import folded, shape
from planlang.views.text import shortened
from planlang.views.verdict import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from planlang.views.diff_schema import Diff

    Record = Mapping[str, Any]

LONGEST = 160
"""Characters of a value that a line shows; JSON has all."""
LONGEST_REASON = 400
"""Characters of what decided a size."""
SIGNS = {"added": "+", "appears": "+", "no longer accepted": "+", "removed": "-", "vanishes": "-", "accepted": "-"}
"""What stands before what comes and what goes; all else has `~`."""


class Line(NamedTuple):
    """One change: a sign, a text without markup, further lines, and the numbers of its causes. `grade` is its class."""

    sign: str
    text: str
    below: tuple[str, ...] = ()
    causes: tuple[int, ...] = ()
    grade: str = ""
    number: int = 0


class Section(NamedTuple):
    """The changes of one part."""

    title: str
    lines: list[Line]


class MeasureRow(NamedTuple):
    """A measure in cells."""

    path: str
    old: str
    new: str
    difference: str
    title: str
    moves: bool


def arrow(old: str, new: str) -> str:
    """`old -> new`."""
    return f"{old} -> {new}"


# --- the head ----------------------------------------------------------------------------------------


def headline(found: Diff) -> str:
    """The verdict: `fairwater: holds -> fails, 2 errors appear, 1 measure moves`."""
    old, new = found["old"], found["new"]
    name = new["plan"] if new["plan"] == old["plan"] else arrow(old["plan"], new["plan"])
    verdict = f"still {new['verdict']}" if old["verdict"] == new["verdict"] else arrow(old["verdict"], new["verdict"])
    told = [verdict, *_counts(found)]
    if len(told) == 1:
        told.append("nothing differs" if not found["written"] and found["class"] == "cosmetic" else _rest(found))
    return f"{name}: {', '.join(told)}"


def _counts(found: Diff) -> list[str]:
    """`2 errors and 1 warning appear`, `1 error vanishes`, `2 measures move`."""
    texts = []
    for change, one, many in _VERBS:
        ranks = [_rank(each) for each in found["findings"] if each["change"] == change]
        counts = [counted(ranks.count(0), "error")] if 0 in ranks else []
        counts += [counted(ranks.count(1), "warning")] if 1 in ranks else []
        counts += [f"{ranks.count(2):,} accepted"] if 2 in ranks else []
        if counts:
            texts.append(f"{listed(counts)} {one if len(ranks) == 1 else many}")
    moved = sum(one["class"] == "verdict" for one in found["measures"])
    if moved:
        texts.append(f"{counted(moved, 'measure')} {'moves' if moved == 1 else 'move'}")
    return texts


def _rank(one: Record) -> int:
    """0 for an error, 1 for a warning, 2 for what is accepted before and after, or as it comes or goes."""
    shown = one["new"] or one["old"]
    return rank({**shown, "accepted": None} if "accepted" in one["change"] else shown)


_VERBS = (
    ("appears", "appears", "appear"),
    ("no longer accepted", "is no longer accepted", "are no longer accepted"),
    ("moves", "moves", "move"),
    ("accepted", "is accepted", "are accepted"),
    ("vanishes", "vanishes", "vanish"),
)
"""What a finding does, of one and of several, in the order in which they are told."""


def _rest(found: Diff) -> str:
    """What there is where no finding and no measure moves."""
    if found["class"] == "cosmetic":
        return "only names differ"
    return "no finding and no measure moves"


def measure_rows(found: Diff) -> list[MeasureRow]:
    """A row for each measure: those that move first."""
    rows = []
    for one in sorted(found["measures"], key=lambda one: one["class"] != "verdict"):
        old, new = (_short(value_text(one[key])) for key in ("old", "new"))
        if one["class"] == "local":
            old, new = ("" if one["old"] is None else old), ("" if one["new"] is None else new)
        step = _signed(one["difference"], one["ratio"]) if one["class"] == "verdict" else ""
        rows.append(MeasureRow(one["path"], old, new, step, one["title"], one["class"] == "verdict"))
    return rows


def _signed(difference: Record | None, ratio: float | None = None) -> str:
    """`+720 (+25%)`."""
    if difference is None:
        return ""
    text = value_text(difference)
    text = text if text.startswith("-") else f"+{text}"
    return text if ratio is None else f"{text} ({100 * ratio:+.3g}%)"


# --- sections ----------------------------------------------------------------------------------------


def sections(found: Diff, folders: tuple[str, str] = ("", "")) -> list[Section]:
    """All parts that have something to tell."""
    made = [
        Section("written", [_written(one, folders) for one in found["written"]]),
        Section("values that follow", [_value(one) for one in found["values"]]),
        Section("findings", _findings(found["findings"], folders)),
        Section("power over time", _time(found["time"])),
        Section("sizes", [_size(one) for one in found["sizes"]]),
        Section("bill", [_bill(one) for one in found["bill"]]),
    ]
    return [section for section in made if section.lines]


def _written(one: Record, folders: tuple[str, str]) -> Line:
    old, new = one["old"], one["new"]
    text = _written_text(one, old, new)
    below = []
    if len(one["instances"]) > 1 or (one["instances"] and one["instances"][0] != _block_of(one)):
        many = len(one["instances"])
        below.append(
            f"in {folded(one['instances'])}" if many == 1 else f"in {many:,} blocks: {folded(one['instances'])}"
        )
    elif not one["instances"] and one["thing"] in ("attribute", "template", "block") and one["change"] != "renamed":
        below.append("nothing is built of it")
    below.append(_places(old, new, folders))
    return Line(SIGNS.get(one["change"], "~"), text, tuple(below), (), one["class"], one["number"])


def _block_of(one: Record) -> str:
    path, thing = str(one["path"]), one["thing"]
    return path if thing in ("block", "base", "members") else path.rpartition(".")[0]


def _written_text(one: Record, old: Record | None, new: Record | None) -> str:
    thing, path = one["thing"], one["path"]
    head = path if thing == "attribute" else f"{thing} {path}"
    if one["change"] == "renamed":
        return f"{thing} {arrow(str(one['old_path']), path)}, by another name"
    if thing in ("rule", "accept", "objective"):
        where = path.rpartition(".")[0]
        head = f"in {where}" if where else "at the top level"
    if thing == "block" and one["change"] != "changed":
        said = new or old
        return f"{path}: `{_short(said['text'])}`"  # type: ignore[index]
    if thing == "removal":
        said = new or old
        return f"{head}: `{_short(said['text'])}`"  # type: ignore[index]
    if thing == "scenario":
        return f"{head}, which this comparison does not evaluate"
    if old is None or new is None:
        said = new or old
        assert said is not None
        return f"{head}: {_said(said, True)}" if thing not in ("template",) else head
    texts = [_short(side["text"]) or "nothing" for side in (old, new)]
    both = old["value"] is not None and new["value"] is not None
    computed = both and (old["computed"] or new["computed"] or texts[0] == texts[1])
    return f"{head}: {arrow(_said(old, computed), _said(new, computed))}"


def _said(said: Record, with_value: bool) -> str:
    """As written; and as evaluated, where that says more."""
    text = _short(said["text"]) or "nothing"
    if not with_value or said["value"] is None or not said["computed"]:
        return text
    value = _short(value_text(said["value"]))
    return text if value == text else f"{text} (= {value})"


def _places(old: Record | None, new: Record | None, folders: tuple[str, str]) -> str:
    """`site.plan:8:12`, and where it was, if it stood elsewhere."""
    texts = [
        "" if said is None or said["span"] is None else place(said["span"], folder)
        for said, folder in zip((old, new), folders, strict=True)
    ]
    if new is None or old is None:
        return f"at {texts[1] or texts[0]}" + (" of the old plan" if new is None else "")
    bare = [place(said["span"]) for said in (old, new) if said["span"] is not None]
    return f"at {texts[1]}" + (f", was at {bare[0]}" if len(set(bare)) > 1 else "")


def _value(one: Record) -> Line:
    names = folded([f"{path}.{one['name']}" if path else one["name"] for path in one["paths"]])
    first = " (the first of them)" if len(one["paths"]) > 1 else ""
    old, new = (_short("nothing" if one[key] is None else value_text(one[key])) for key in ("old", "new"))
    return Line("~", f"{names}: {arrow(old, new)}{first}", (), tuple(one["causes"]), one["class"])


def _findings(found: Iterable[Record], folders: tuple[str, str]) -> list[Line]:
    """A line for each finding; alike ones are one, with how many there are."""
    groups: dict[object, list[Record]] = {}
    for one in found:
        shown = one["new"] or one["old"]
        key = one["change"], shown["code"], rank(shown), tuple(one["causes"]), shape(_depersoned(shown))
        groups.setdefault(key, []).append(one)
    return [_finding(group, folders) for group in groups.values()]


def _depersoned(shown: Record) -> str:
    """A message without its subject."""
    return str(shown["message"]).replace(shown["subject"], "") if shown["subject"] else str(shown["message"])


def _finding(group: list[Record], folders: tuple[str, str]) -> Line:
    one = group[0]
    shown = one["new"] or one["old"]
    text = f"{shown['severity']} {shown['code']} {shown['name']}: {shown['message']}"
    below = []
    if one["change"] in ("moves", "accepted", "no longer accepted"):
        text = f"{one['change']}: {text}"
    if one["change"] == "moves":
        below.append(_moved(one["old"], one["new"]))
    if one["new"] is not None and one["new"]["accepted"] is not None:
        accepted = one["new"]["accepted"]
        until = f" until {date_text(accepted['until'])}" if accepted["until"] else ""
        below.append(f"accepted{until}: {accepted['message']}")
    if len(group) > 1:
        names = folded([(each["new"] or each["old"])["subject"] for each in group[1:]])
        below.append(f"and {len(group) - 1:,} more like it: {names}")
    return Line(SIGNS.get(one["change"], "~"), text, tuple(below), tuple(one["causes"]), one["class"])


def _moved(old: Record, new: Record) -> str:
    """What a finding was: its amounts, where these moved, and its dates."""
    parts = []
    if old["severity"] != new["severity"]:
        parts.append(f"it was: {old['severity']}")
    if old["demand"] is not None and old["limit"] is not None:
        parts.append(f"{value_text(old['demand'])} of {value_text(old['limit'])}")
    parts.append(_when(old["from"], old["until"]) or "on all dates")
    return f"was {', '.join(parts)}" + (f", {len(old['intervals']):,} intervals" if len(old["intervals"]) > 1 else "")


def _when(start: str | None, until: str | None) -> str:
    texts = [f"from {date_text(start)}" if start else "", f"until {date_text(until)}" if until else ""]
    return " ".join(filter(None, texts))


def _time(found: Iterable[Record]) -> list[Line]:
    lines = []
    for one in found:
        old, new = ("not there" if one[key] is None else value_text(one[key]) for key in ("old", "new"))
        step = f", {_signed(one['difference'])}" if one["difference"] is not None else ""
        when = _when(one["from"], one["until"])
        text = f"{one['path']} {one['figure']}{f' {when}' if when else ''}: {arrow(old, new)}{step}"
        lines.append(Line("~", text, (), tuple(one["causes"]), one["class"]))
    return lines


def _size(one: Record) -> Line:
    old, new = one["old"], one["new"]
    values = arrow(*(_short(value_text(side["value"])) for side in (old, new)))
    below = [_short(new["why"], LONGEST_REASON)]
    if old["why"] != new["why"]:
        below.append(f"was decided by: {_short(old['why'], LONGEST_REASON)}")
    return Line("~", f"{one['path']}.{one['attribute']}: {values}", tuple(below), tuple(one["causes"]), one["class"])


def _bill(one: Record) -> Line:
    old, new = one["old"], one["new"]
    site = f" at {one['site']}" if one["site"] else ""
    parts = []
    for key, text in _BILLED:
        before, after = (None if side is None else text(side[key], one["unit"]) for side in (old, new))
        if before == after:
            if key in ("quantity", "needed_by") and after:
                parts.append(str(after))
        elif old is not None and new is not None:
            parts.append(arrow(before or "unknown", after or "unknown"))
        elif before or after:
            parts.append(str(before or after))
    return Line(
        SIGNS.get(one["change"], "~"),
        f"{one['item']}{site}: {', '.join(parts)}",
        (),
        tuple(one["causes"]),
        one["class"],
    )


def _quantity(value: float, unit: str) -> str:
    return f"{number_text(value)} {unit}"


def _price(value: Record | None, unit: str) -> str:
    return "" if value is None else f"{value_text(value)} each"


def _total(value: Record | None, unit: str) -> str:
    return "" if value is None else value_text(value)


def _need(day: str | None, unit: str) -> str:
    return "" if day is None else f"needed by {date_text(day)}"


def _order(day: str | None, unit: str) -> str:
    return "" if day is None else f"to order by {date_text(day)}"


_BILLED = (
    ("quantity", _quantity),
    ("unit_price", _price),
    ("price", _total),
    ("needed_by", _need),
    ("order_by", _order),
)


def money_lines(found: Diff) -> list[str]:
    """What all lines of the bill with a price cost together, where that differs; and how many have none."""
    texts = []
    shown = {one["path"] for one in found["measures"]}
    for one in found["money"]:
        if f"bill_{one['currency']}" in shown:
            continue
        if one["old"] is not None and one["new"] is not None and value_text(one["difference"])[:2] != "0 ":
            step = _signed(one["difference"])
            texts.append(f"bill, as far as priced: {arrow(value_text(one['old']), value_text(one['new']))}, {step}")
    if texts and any(found["unpriced"].values()):
        old, new = found["unpriced"]["old"], found["unpriced"]["new"]
        many = counted(new, "line") if old == new else f"{arrow(f'{old:,}', f'{new:,}')} lines"
        texts[-1] += f" ({many} without a price)"
    return texts


def _short(text: str, longest: int = LONGEST) -> str:
    return shortened(" ".join(text.split()), longest)
