"""`--select` and `--ignore`: which codes count. What is left out, the verdict mentions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.cli.terminal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planlang.views.schemas import Check, Counts, Diagnostic, Ignored


def chosen(document: Check, select: Sequence[str], ignore: Sequence[str]) -> Check:
    """The document with only the findings of these codes and families, and the verdict on them.

    Mistakes of reading always count, and so does a doubted figure that makes the plan fail. `ignored` says how many
    findings are left out, and of which codes. Raises Refusal for what is neither a code nor a family.
    """
    if not select and not ignore:
        return document
    from planlang.compiler import all_codes
    from planlang.core.codes import READING
    from planlang.lang.finding import DOUBTFUL

    known = all_codes()
    select, ignore = _known("--select", select, known), _known("--ignore", ignore, known)

    def counts(one: Diagnostic) -> bool:
        code = one["code"]
        if code[:3] in READING or (code == DOUBTFUL and one["severity"] == "error"):
            return True
        return (not select or code.startswith(tuple(select))) and not (ignore and code.startswith(tuple(ignore)))

    kept = [one for one in document["diagnostics"] if counts(one)]
    left_out = [one for one in document["diagnostics"] if not counts(one)]
    tallied = tally(kept)
    verdict = document["verdict"]
    if verdict == "fails" and not tallied["error"]:
        verdict = "holds"
    ignored: Ignored = {**tally(left_out), "codes": sorted({one["code"] for one in left_out})}
    return {**document, "verdict": verdict, "counts": tallied, "diagnostics": kept, "ignored": ignored}


def tally(diagnostics: list[Diagnostic]) -> Counts:
    """How many are errors, warnings, and accepted."""
    words = ["accepted" if one["accepted"] else str(one["severity"]) for one in diagnostics]
    return {
        "error": words.count("error"),
        "warning": words.count("warning"),
        "accepted": words.count("accepted"),
    }


def _known(option: str, given: Sequence[str], known: Iterable[str]) -> list[str]:
    """Codes and families, in capitals."""
    codes = set(known)
    families = {code[:3] for code in codes}
    found = []
    for word in given:
        wanted = word.upper()
        if wanted not in codes and wanted not in families:
            from planlang.lang.nearest import nearest

            close = nearest(wanted, sorted(families | codes))
            hint = f"did you mean `{close[0]}`?" if close else "`plan explain rules` lists the codes"
            raise Refusal(f"{option} knows no code or family `{word}`; {hint}")
        found.append(wanted)
    return found
