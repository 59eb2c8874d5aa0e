"""`plan explain`: what a code means, what one may write of a kind, what functions there are, what is known of a SKU."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.cli.terminal import HOLDS, Refusal, write
from planlang.lang.text import listed

if TYPE_CHECKING:
    from planlang.core.kinds import Attribute, Kind, Kinds
    from planlang.core.usual import Usual
    from planlang.lang.finding import Code

WIDTH = 100
LISTS = ("kinds", "rules", "functions")
"""Subjects that list what there is."""


def run(subject: str) -> int:
    """Write the explanation of a code, a kind, an attribute or a SKU; returns the exit code."""
    from planlang.compiler import all_codes, kinds

    vocabulary = kinds(everything=True)
    write(explanation(subject.strip(), vocabulary, all_codes()))
    return HOLDS


def explanation(subject: str, kinds: Kinds, codes: dict[str, Code]) -> str:
    """The text on a subject. Raises Refusal where there is none, with the nearest names."""
    if subject == "kinds":
        return _kinds(kinds)
    if subject in ("rules", "codes"):
        return _codes(codes)
    if subject == "functions":
        return _functions()
    code = codes.get(subject.upper()) or next((one for one in codes.values() if one.name == subject.lower()), None)
    if code is not None:
        return code_text(code)
    kind = kinds.by_name.get(subject)
    if kind is None:
        singular = kinds.singular(subject)
        kind = None if singular is None else kinds.by_name[singular]
    if kind is not None:
        return kind_text(kind)
    name, dot, attribute = subject.partition(".")
    if dot and name in kinds.by_name:
        return _one_attribute(kinds.by_name[name], attribute)
    from planlang.core.suggest import meanings

    meant, said = meanings(subject, kinds)
    if said:
        text = "".join(wrapped(sentence) for sentence in said)
        return f"{text}\n{kind_text(kinds.by_name[meant])}" if meant else text
    from planlang.cli.catalog import entries
    from planlang.views.sku import explained

    known = {one.path: one for one in entries()}
    own = [one for path, one in known.items() if subject in (path, path.partition(".")[2])]
    if own:
        return "\n".join(map(explained, own))
    raise Refusal(_unknown(subject, kinds, codes, list(known)))


def _unknown(subject: str, kinds: Kinds, codes: dict[str, Code], skus: list[str]) -> str:
    from planlang.lang.nearest import did_you_mean, nearest

    close = nearest(subject, [*codes, *[code.name for code in codes.values()], *kinds.names()])
    attributes = {name: kind.name for kind in reversed(kinds.by_name.values()) for name in kind.attributes}
    if subject in attributes:
        close = [f"{kind.name}.{subject}" for kind in kinds.by_name.values() if subject in kind.attributes][:4]
    elif not close:
        close = [f"{attributes[name]}.{name}" for name in nearest(subject, attributes)]
    if not close:
        close = nearest(subject, [*skus, *(path.partition(".")[2] for path in skus)])
    every = "`plan explain rules`, `plan explain kinds` and `plan catalog` list all there are"
    return f"there is no code, kind, attribute or SKU `{subject}`; {did_you_mean(close) or every}"


# --- codes -------------------------------------------------------------------------------------------


def code_text(code: Code) -> str:
    """A code: what it says, its formula, its source, and an example that gives it."""
    parts = [f"{code.code} {code.name} ({code.severity})\n"]
    parts.extend(f"\n{wrapped(paragraph)}" for paragraph in code.explanation.split("\n\n") if paragraph)
    if code.formula:
        parts.append(f"\nFormula: {wrapped(code.formula, lead=9)}")
    if code.source:
        parts.append(f"\nSource: {wrapped(code.source, lead=8)}")
    if code.example:
        parts.append(f"\nExample:\n\n{_indented(code.example)}")
    return "".join(parts)


def _codes(codes: dict[str, Code]) -> str:
    width = max(len(code.name) for code in codes.values())
    lines = []
    for code in codes.values():
        first = code.explanation.split("\n\n")[0].partition(". ")[0].rstrip(".")
        lines.append(f"{code.code}  {code.severity:7}  {code.name:{width}}  {_cut(first, 60)}".rstrip() + "\n")
    return "".join(lines)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[:width].rpartition(" ")[0] + " …"


# --- kinds -------------------------------------------------------------------------------------------


def _kinds(kinds: Kinds) -> str:
    width = max(map(len, kinds.by_name))
    parts, area = [], ""
    for kind in kinds.by_name.values():
        if kind.area != area:
            area = kind.area
            parts.append(f"{area}\n")
        parts.append(f"  {kind.name:{width}}  {kind.meaning}\n")
    return "".join(parts)


def kind_text(kind: Kind) -> str:
    """A kind: where it stands, an example, its attributes, and what is derived for it."""
    from planlang.areas.usual import USUAL
    from planlang.core.derive import all_derived
    from planlang.core.kinds import COMMON, plural_of

    parts = [f"{kind.name} ({kind.area})\n\n{wrapped(kind.meaning)}"]
    places = ["at the top level" if not place else f"in a {place}" for place in kind.inside]
    stands = f"It stands {listed(places, 'or')}."
    if not kind.defines:
        stands += f" All of a container are its `{plural_of(kind)}`."
    else:
        stands += " It only defines: others refer to it."
    parts.append(wrapped(stands))
    if kind.example:
        parts.append(f"\n{_indented(kind.example)}")
    parts.append("\nAttributes (? may be a hole that the compiler sizes, ~ may vary in time)\n\n")
    usual = USUAL.get(kind.name, {})
    parts.extend(_attribute(name, attribute, usual.get(name)) for name, attribute in kind.attributes.items())
    parts.append("\nEvery block may also have\n\n")
    parts.extend(_attribute(name, attribute) for name, attribute in COMMON.items())
    derived = {one.name: one for one in all_derived() if kind.name in one.kinds}
    if derived:
        parts.append("\nDerived quantities, for rules, milestones and `plan show`\n\n")
        for name, one in sorted(derived.items()):
            what = "number" if one.dimension is None else f"{one.dimension.name}, in {one.dimension.unit}"
            parts.append(f"  {name}  {what}\n{wrapped(one.meaning, indent=6)}")
    return "".join(parts)


def _one_attribute(kind: Kind, name: str) -> str:
    from planlang.core.kinds import COMMON
    from planlang.lang.nearest import did_you_mean, nearest

    known = {**COMMON, **kind.attributes}
    if name in known:
        from planlang.areas.usual import USUAL

        return f"{kind.name}.{name}\n\n{_attribute(name, known[name], USUAL.get(kind.name, {}).get(name))}"
    from planlang.core.derive import find

    derived = find(name, kind.name)
    if derived is not None:
        what = "number" if derived.dimension is None else f"{derived.dimension.name}, in {derived.dimension.unit}"
        return f"{kind.name}.{name} (derived)  {what}\n{wrapped(derived.meaning, indent=6)}"
    hint = did_you_mean([f"{kind.name}.{close}" for close in nearest(name, known)])
    raise Refusal(f"a {kind.name} has no `{name}`; {hint or f'`plan explain {kind.name}` lists what it has'}")


def _attribute(name: str, attribute: Attribute, usual: Usual | None = None) -> str:
    from planlang.lang.text import show

    marks = ("?" if attribute.hole else "") + ("~" if attribute.varies else "")
    facts = [attribute.type.name]
    if not attribute.type.words:
        facts[0] += f", as in `{attribute.type.example}`"
    if attribute.required:
        facts.append("required")
    if attribute.default is not None:
        facts.append(f"default {show(attribute.default)}")
    if attribute.passes_down:
        facts.append("passes down")
    if not attribute.examined:
        facts.append("not examined yet")
    head = f"  {name}{' ' + marks if marks else ''}  "
    text = head + wrapped("; ".join(facts), indent=6, lead=len(head)).lstrip()
    text += wrapped(attribute.meaning, indent=6)
    if attribute.assumption:
        text += wrapped(f"The default is an assumption: {attribute.assumption}", indent=6)
    if usual is not None:
        low, high = usual.low.replace("_", ","), usual.high.replace("_", ",")
        text += wrapped(f"Usual are {low} to {high}: {usual.why}.", indent=6)
    return text


def _functions() -> str:
    from planlang.lang.functions import FUNCTIONS

    parts = []
    for signature, meaning in FUNCTIONS.values():
        parts.append(f"{signature}\n{wrapped(meaning, indent=4)}")
    return "".join(parts)


def _indented(example: str) -> str:
    from textwrap import dedent

    return "".join(f"    {line}".rstrip() + "\n" for line in dedent(example).strip("\n").split("\n"))


# --- text --------------------------------------------------------------------------------------------


def wrapped(text: str, indent: int = 0, lead: int | None = None) -> str:
    """Text in lines of at most `WIDTH`. With `lead`, the first line continues one that has so many characters."""
    lines: list[str] = []
    line = ""
    used = indent if lead is None else lead
    for word in text.split():
        if line and used + len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line, used = word, indent
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    first = "" if lead is not None else " " * indent
    return first + ("\n" + " " * indent).join(lines) + "\n"
