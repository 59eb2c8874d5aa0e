"""All fixes of the network mend, and with one pair less they do not."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

from tests.reading import compile_text

if TYPE_CHECKING:
    from planlang.lang.finding import Finding, Fix

CODES = ("WAN101", "WAN103", "WAN104", "WAN105")


class Plan:
    """A random network as text, with what may be changed: pairs of links and rates of demands."""

    def __init__(self, chance: random.Random) -> None:
        self.nodes = [f"n{number}" for number in range(chance.randint(2, 6))]
        count = chance.randint(len(self.nodes) - 1, 2 * len(self.nodes))
        self.ends = [chance.sample(self.nodes, 2) for _ in range(count)]
        self.length = [chance.choice((50, 100, 300)) for _ in range(count)]
        self.fill = [chance.choice(("", "", "; utilization_max = 0.5")) for _ in range(count)]
        self.values = {f"l{number}.fiber_pairs": chance.randint(1, 5) for number in range(count)}
        self.demands = [chance.sample(self.nodes, 2) for _ in range(chance.randint(1, 4))]
        self.survives = [chance.choice(("none", "none", "link", "site")) for _ in self.demands]
        self.latency = [chance.choice(("", "", "; latency = 4 ms")) for _ in self.demands]
        self.back = [chance.choice(("", "", "; rate_back = 1 Tb/s", "; rate_back = 8 Tb/s")) for _ in self.demands]
        self.values |= {f"d{number}.rate": chance.randint(1, 9) for number in range(len(self.demands))}

    def text(self, changed: dict[str, float]) -> str:
        """The plan, with some values changed."""
        values = self.values | changed
        lines = ["line_system one { channels = 1; rate = 1 Tb/s }"]
        lines += [f"campus {node} {{ }}" for node in self.nodes]
        for number, ((a, b), far) in enumerate(zip(self.ends, self.length, strict=True)):
            pairs = f"fiber_pairs = {values[f'l{number}.fiber_pairs']}{self.fill[number]}"
            lines.append(f"link l{number} {{ between = [{a}, {b}]; line = one; length = {far} km; {pairs} }}")
        for number, (a, b) in enumerate(self.demands):
            rate, more = (
                values[f"d{number}.rate"],
                f"survives = {self.survives[number]}{self.latency[number]}{self.back[number]}",
            )
            lines.append(f"demand d{number} {{ between = [{a}, {b}]; rate = {rate} Tb/s; {more} }}")
        return "\n".join(lines)

    def findings(self, changed: dict[str, float]) -> list[Finding]:
        return [one for one in compile_text(self.text(changed)).findings if one.code.code in CODES]


def concerned(finding: Finding) -> set[str]:
    """The demands of which a finding says that they do not flow."""
    named = finding.message.partition(" not survive ")[0].partition(" fit")[0]
    return {
        *re.findall(r"\bd\d+\b", named),
        *(one.subject for one in finding.contributors if finding.code.code != "WAN105"),
    }


def choices(fixes: tuple[Fix, ...]) -> list[dict[str, float]]:
    """What each choice among fixes changes: `and` adds to one, `or` begins another."""
    found: list[dict[str, float]] = []
    for fix in fixes:
        if not fix.message.startswith("and "):
            found.append({})
        value = fix.value
        found[-1][fix.path] = value if isinstance(value, int) else value.magnitude / 1e12  # type: ignore[union-attr, assignment]
    return found


def run(count: int, seed: int) -> dict[str, int]:
    """How many findings of each kind had all their fixes tried."""
    chance = random.Random(seed)
    tried: dict[str, int] = dict.fromkeys((*CODES, "together", "none"), 0)
    for _ in range(count):
        plan = Plan(chance)
        for finding in plan.findings({}):
            tried[finding.code.code] += 1
            tried["none"] += not finding.fixes
            if finding.code.code in CODES[:3]:
                assert finding.fixes, plan.text({}) + finding.message
            for changed in choices(finding.fixes):
                assert not still(plan, finding, changed), (plan.text({}), finding.message, changed)
                tried["together"] += len(changed) > 1
                for path, value in changed.items():
                    if path.endswith("pairs"):
                        fewer = {**changed, path: value - 1}
                        assert plan.findings(fewer), (plan.text({}), finding.message, fewer)
    return tried


def still(plan: Plan, finding: Finding, changed: dict[str, float]) -> bool:
    """Whether what the finding says is still so."""
    survives = finding.code.code == "WAN105"
    found = [one for one in plan.findings(changed) if survives == (one.code.code == "WAN105")]
    return any(concerned(finding) & concerned(one) for one in found)


def test_all_fixes_mend() -> None:
    tried = run(60, 1)
    assert all(tried[code] for code in ("WAN101", "WAN103", "WAN105", "together")), tried


def test_demands_that_do_not_fit_together() -> None:
    """Two sites, each joined to three others: all six pairs on one side of either, at 300 Tb/s each, do not fit."""
    lines = ["line_system one { channels = 1; rate = 1 Tb/s }", *(f"campus {node} {{ }}" for node in "abcde")]
    lines += [
        f"link {a}{b} {{ between = [{a}, {b}]; line = one; length = {100 + 10 * number} km; fiber_pairs = 1 }}"
        for number, (a, b) in enumerate([(a, b) for a in "ab" for b in "cde"])
    ]
    ends = (("a", "b"), ("c", "d"), ("d", "e"), ("c", "e"))
    lines += [f"demand d{number} {{ between = [{a}, {b}]; rate = 1 Tb/s }}" for number, (a, b) in enumerate(ends)]
    text = "\n".join(lines)
    (finding,) = [one for one in compile_text(text).findings if one.code.code in CODES]
    assert finding.code.code == "WAN104"
    assert [fix.message for fix in finding.fixes][:2] == [
        "raise `fiber_pairs` of `ac` to 3",
        "or raise `fiber_pairs` of `ad` to 3",
    ]
    more = text.replace("length = 100 km; fiber_pairs = 1", "length = 100 km; fiber_pairs = 3")
    assert [one for one in compile_text(more).findings if one.code.code in CODES] == []


if __name__ == "__main__":
    import sys

    print(run(int(sys.argv[1]), int(sys.argv[2])))
