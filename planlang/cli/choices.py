"""The words that options and arguments take, their completion by the shell, and the refusal of other words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planlang.cli.terminal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Completer = Callable[[str], list[str]]

CHECK_FORMATS = ("text", "json", "sarif", "github", "junit")
SHOW_FORMATS = ("text", "json", "csv")
DIFF_FORMATS = ("text", "markdown", "json")
CATALOG_FORMATS = ("text", "json")
EXPORT_FORMATS = ("cables", "containerlab", "gnpy")
LAB_KINDS = ("linux", "nokia_srlinux", "arista_ceos", "juniper_crpd", "sonic-vs")
"""What `plan export containerlab --kind` may name: those of `views.containerlab`, which is not imported for them."""
PARTS = ("diagrams", "bom")
"""What `plan render --only` may name."""
LEVELS = ("fleet", "campus", "building")
"""What `plan render --level` may name, from far to near."""
UNITS = ("b/s", "kb/s", "Mb/s", "Gb/s", "Tb/s")
"""What `plan import --unit` may name."""


class Part(NamedTuple):
    """What of a plan's fabrics is written: their paths (none: all that connect something), a date, a plane, a unit."""

    fabrics: tuple[str, ...] = ()
    at: str | None = None
    plane: int | None = None
    unit: int | None = None


class Nodes(NamedTuple):
    """What the switches of a lab are: a kind of containerlab and an image (empty: not said)."""

    kind: str = ""
    image: str = ""


def chosen(option: str, given: str, known: Sequence[str]) -> str:
    """The word as given. Raises Refusal where it is not one of those known, with the nearest."""
    if given in known:
        return given
    from planlang.lang.nearest import did_you_mean, nearest

    hint = did_you_mean(nearest(given, known, 1))
    raise Refusal(f"{option} does not know `{given}`: it takes {', '.join(known)}{hint and f'; {hint}'}")


def all_chosen(option: str, given: Sequence[str] | None, known: Sequence[str]) -> tuple[str, ...]:
    """The words of an option that may be repeated, or hold several with commas between. Raises Refusal as `chosen`."""
    words = [word.strip() for one in given or () for word in one.split(",") if word.strip()]
    return tuple(chosen(option, word, known) for word in words)


def one_of(known: Sequence[str]) -> Completer:
    """A function that completes a word to one of these."""

    def complete(incomplete: str) -> list[str]:
        return [word for word in known if word.startswith(incomplete)]

    return complete


def explained(incomplete: str) -> list[str]:
    """Completions for `plan explain`: kinds; codes if the word begins with a capital or has a hyphen."""
    from planlang.cli.explain import LISTS
    from planlang.compiler import all_codes, kinds

    if incomplete[:1].isupper():
        return [code for code in all_codes() if code.startswith(incomplete.upper())]
    if "-" in incomplete:
        return [code.name for code in all_codes().values() if code.name.startswith(incomplete)]
    by_name = kinds().by_name
    name, dot, attribute = incomplete.partition(".")
    if dot and name in by_name:
        return [f"{name}.{one}" for one in by_name[name].attributes if one.startswith(attribute)]
    return [word for word in (*by_name, *LISTS) if word.startswith(incomplete)]


def catalogued(incomplete: str) -> list[str]:
    """Entries of the catalogue by their names, read from its text; after a dot, of one module."""
    from planlang.compiler import catalogue

    found = []
    for module, defined in catalogue().definitions.items():
        names = [name for _, name in defined]
        found += [f"{module}.{name}" for name in names] if "." in incomplete else [module, *names]
    return [name for name in found if name.startswith(incomplete)]
