"""What `plan check` prints on a terminal: the verdict, a line for each code, what was not examined, and all detail.

The check of an unchanged plan runs through here, so nothing is imported before it is needed.
"""

from __future__ import annotations

from planlang.views.diagnostics import Painter, rank, render_all, value_text
from planlang.views.folding import folded, forms, shape
from planlang.views.printable import printable

TYPE_CHECKING = False  # `typing` takes as long to import as the rest of this takes to run
if TYPE_CHECKING:
    from planlang.views.diagnostics import Lines, Record

MOST_SIZES = 24
"""The most lines of sizes that are shown."""
MOST_MEASURES = 5
MOST_CODES = 7
"""The most measures and the most codes in the head, so that it fits on a screen."""
MOST_REASONS = 6
MOST_CONDITIONS = 2


def render(
    document: Record,
    lines: Lines,
    folder: str = "",
    colour: bool = False,
    strict: bool = False,
    quiet: bool = False,
    verbose: bool = False,
) -> str:
    """The whole text: with `quiet` only the verdict, with `verbose` each of the findings that are alike."""
    said = summary(document, colour, strict) + "\n"
    if quiet:
        return said
    said += _head(document, colour)
    detail = render_all(document["diagnostics"], lines, folder, colour, verbose)
    detail += sizes_text(document.get("sized", []), colour)
    return f"{said}\n{detail.rstrip()}\n" if detail else said


# --- the verdict -------------------------------------------------------------------------------------


def summary(document: Record, colour: bool = False, strict: bool = False) -> str:
    """The first line: the verdict, the conditions that it depends on, and how much was found or examined."""
    paint = Painter(colour)
    name = printable(document["plan"]["name"])
    counts, verdict = document["counts"], document["verdict"]
    if verdict == "unreadable":
        return f"{name} {paint('cannot be read', 'error')}: {counted(counts['error'], 'mistake')}"
    found = [counted(counts[word], word) for word in ("error", "warning") if counts[word]]
    if counts.get("accepted"):
        found.append(f"{counts['accepted']:,} accepted")
    found += _left_out(document.get("ignored"))
    if verdict == "fails":
        strictly = " (strict)" if strict and not counts["error"] else ""
        return f"{name} {paint('fails', 'error')}: {', '.join(found)}{strictly}"
    size = [
        counted(number, word)
        for word, key in (("entity", "entities"), ("interval", "intervals"), ("failure state", "failure_states"))
        if (number := document["plan"].get(key)) is not None
    ]
    condition = printable(_condition(document.get("conditions", [])))
    return f"{name} {paint('holds', 'good')}{condition}: {', '.join([*found, *size])}"


def _left_out(ignored: Record | None) -> list[str]:
    """What `--select` and `--ignore` leave out."""
    if ignored is None:
        return []
    what = [counted(ignored[word], word) for word in ("error", "warning") if ignored[word]]
    return [f"{' and '.join(what)} ignored ({', '.join(ignored['codes'])})"] if what else []


def _condition(conditions: list[Record]) -> str:
    """`, if c.peak_pue <= 1.25 (assumed 1.45)`: those alike as one, and how many more there are."""
    groups: dict[object, list[Record]] = {}
    for one in conditions:
        same = (forms(one["path"])[0], one["relation"], value_text(one["value"]), value_text(one["assumed"]))
        groups.setdefault(same, []).append(one)
    texts = [
        f"{folded([one['path'] for one in group])} {group[0]['relation']} {value_text(group[0]['value'])} "
        f"(assumed {value_text(group[0]['assumed'])})"
        for group in groups.values()
    ]
    if not texts:
        return ""
    rest = sum(len(group) for group in list(groups.values())[MOST_CONDITIONS:])
    more = f" and {rest:,} more" if rest else ""
    return f", if {' and '.join(texts[:MOST_CONDITIONS])}{more}"


def counted(number: int, word: str) -> str:
    """`1 warning`, `2 warnings`, `3 entities`."""
    if number != 1:
        word = word[:-1] + "ies" if word.endswith("y") else word + "s"
    return f"{number:,} {word}"


# --- the head ----------------------------------------------------------------------------------------


def _head(document: Record, colour: bool) -> str:
    paint = Painter(colour)
    text = "".join(f"  {line}\n" for line in [*_measures(document.get("measures", [])), *_codes(document, paint)])
    if document["verdict"] == "unreadable":
        return text  # the verdict says already that nothing is judged
    return text + _not_examined(document.get("not_examined", []))


def _measures(measures: list[Record]) -> list[str]:
    """A line for each measure."""
    shown = measures if len(measures) <= MOST_MEASURES else measures[: MOST_MEASURES - 1]
    pairs = [(printable(f"{one['path']} = {value_text(one['value'])}"), printable(one["title"])) for one in shown]
    widest = max((len(said) for said, _ in pairs), default=0)
    texts = [f"{said:{widest}}  {title}".rstrip() for said, title in pairs]
    if len(shown) < len(measures):
        texts.append(f"and {len(measures) - len(shown):,} more measures")
    return texts


def _codes(document: Record, paint: Painter) -> list[str]:
    """A line a code: its name, how often it is found, and of what."""
    by_code: dict[str, list[Record]] = {}
    for one in sorted(document["diagnostics"], key=rank):
        by_code.setdefault(one["code"], []).append(one)
    shown = list(by_code.items())[: MOST_CODES if len(by_code) == MOST_CODES else MOST_CODES - 1]
    widest = max((len(found[0]["name"]) for _, found in shown), default=0)
    texts = []
    for code, found in shown:
        ranks = [rank(one) for one in found]
        counts = [counted(ranks.count(0), "error")] if 0 in ranks else []
        counts += [counted(ranks.count(1), "warning")] if 1 in ranks else []
        counts += [f"{ranks.count(2):,} accepted"] if 2 in ranks else []
        names = folded(list(dict.fromkeys(one["subject"] for one in found if one["subject"])))
        style = ("error", "warning", "accepted")[min(ranks)]
        said = f"{paint(code, style)} {found[0]['name']:{widest}}  {', '.join(counts)}"
        texts.append(said + (f": {printable(names)}" if names else ""))
    if len(shown) < len(by_code):
        rest = sum(len(found) for found in list(by_code.values())[len(shown) :])
        texts.append(f"and {counted(rest, 'finding')} of {counted(len(by_code) - len(shown), 'more code')}")
    return texts


def _not_examined(entries: list[Record]) -> str:
    """One line: what was not examined, and why."""
    if not entries:
        return ""
    groups: dict[str, list[str]] = {}
    for one in entries:
        groups.setdefault(one["why"], []).append(one["what"])
    texts = [f"{_together(what)}, {why}" for why, what in groups.items()]
    if len(texts) > MOST_REASONS:
        texts = [*texts[: MOST_REASONS - 1], f"and {len(texts) - MOST_REASONS + 1:,} more"]
    return printable(f"not examined: {'; '.join(texts)}") + "\n"


def _together(what: list[str]) -> str:
    """`signal to noise of l[1..40]`: the words that all begin with are said once."""
    first, last = min(what), max(what)
    same = next((place for place, sign in enumerate(first) if last[place : place + 1] != sign), len(first))
    words = first.rfind(" ", 0, same) + 1 if len(what) > 1 else 0
    return first[:words] + folded([one[words:] for one in what])


# --- sizes -------------------------------------------------------------------------------------------


def sizes_text(sized: list[Record], colour: bool = False) -> str:
    """What fills the holes, one line for those that differ only in a number of their path; then an empty line."""
    paint = Painter(colour)
    groups: dict[object, list[Record]] = {}
    for one in sized:
        form = (forms(one["path"])[0], one["attribute"], value_text(one["value"]), shape(one["why"]))
        groups.setdefault(form, []).append(one)
    texts = []
    for group in groups.values():
        first = group[0]
        subjects = folded([one["path"] for one in group])
        value = value_text(first["value"])
        name = first["attribute"]
        texts.append(f"{paint('sized', 'bold')} {printable(f'{subjects}.{name} = {value}')}")
        reasons = list(dict.fromkeys(one["why"] for one in group))
        also = f" (the first of {len(reasons)})" if len(reasons) > 1 else ""
        texts[-1] += f": {printable(reasons[0])}{also}\n"
    shown = texts if len(texts) <= MOST_SIZES + 1 else texts[:MOST_SIZES]
    if len(shown) < len(texts):
        shown.append(f"and {len(texts) - len(shown):,} more sizes: `--format json` has them all\n")
    return "".join(shown) + ("\n" if shown else "")
