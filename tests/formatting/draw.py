"""Draws plans: statements of every form, and those of the project's files, with blanks and comments anywhere."""

from __future__ import annotations

import random
from pathlib import Path

from planlang.lang.lossless import leaves
from planlang.lang.source import Source

ROOT = Path(__file__).parents[2]
NAMES = [
    "a",
    "gpu",
    "from",
    "until",
    "as",
    "iffy",
    "N2",
    "_x",
    "wisconsin",
    "in_",
    "staged",
    "a_much_longer_name_than_others",
]
_NUMBERS = ["72", "1400", "1_400", "14000", "1_4", "1234567.25", "12_34.5", "00012345", "3.2e5", "123456e-3", "85%"]
_REDUNDANCIES = ["N", "N+1", "N@+@2", "2N", "2N@+1", "3N/2", "2@(@N@+@1@)"]
_QUANTITIES = [
    "300@MW",
    "300MW",
    "12345@kW",
    "0.087@USD/kWh",
    "110@USD/kW/month",
    "1360@kg/m^2",
    "20@degC",
    "18@months",
]
_OTHERS = [
    "2026-02",
    "2026-02-15",
    "2027-Q2",
    "true",
    "false",
    "?",
    '""',
    '"a b"',
    '"# { ; \\" \\\\"',
    '"\\u00e9 é 東京"',
]
LITERALS = [*_NUMBERS, *_REDUNDANCIES, *_QUANTITIES, *_OTHERS]
COMMENTS = ["# c", "#", "## doc", "### three", "#\tx  ", '# "', "# } {", "#é"]
BINARY = ["+", "*", "/", "^", "-"]
COMPARED = ["==", "!=", "<=", "<", ">", ">="]


class Drawing:
    """One plan, piece by piece, with one source of chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.depth = 0  # of brackets
        self.on_line = 0  # in blocks on one line no break may stand

    def one(self, *choices: str) -> str:
        return self.chance.choice(choices)

    def name(self) -> str:
        return self.chance.choice(NAMES)

    # --- between tokens ---

    def blank(self) -> str:
        """What may stand between any two tokens.

        A carriage return alone is not drawn: it parts `N` from `+ 1`, which a blank joins, and that is refused.
        """
        if self.depth and not self.on_line and self.chance.random() < 0.12:
            return self.breaks()
        return self.one("", " ", " ", " ", "  ", "\t", " \t") if self.chance.random() < 0.3 else " "

    def gap(self) -> str:
        """The same between two words."""
        return self.blank() or " "

    def breaks(self) -> str:
        """A line's end, perhaps with comments and empty lines."""
        lines = [self.one("", "", "", " ") + self.comment()]
        lines += [self.one("", "  ", "\t") + self.comment() for _ in range(self.chance.choice([0, 0, 0, 1, 2, 3]))]
        return self.one("\n", "\n", "\r\n").join([*lines, self.one("", " ", "      ")])

    def comment(self) -> str:
        return self.chance.choice(COMMENTS) if self.chance.random() < 0.3 else ""

    def continued(self) -> str:
        """What may stand before an operator that continues a line."""
        return self.breaks() if not self.on_line and self.chance.random() < 0.15 else self.blank()

    # --- expressions ---

    def literal(self) -> str:
        return self.chance.choice(LITERALS).replace("@", self.one(" ", " ", "\t", "  "))

    def path(self) -> str:
        made = self.name()
        while self.chance.random() < 0.4:
            made += self.one(
                f".{self.name()}",
                f"{self.one('', ' ')}.{self.one('', ' ')}{self.name()}",
                "[2]",
                f"[{self.name()} + 1]",
            )
        return made

    def value(self, fuel: int) -> str:
        if fuel <= 0 or self.chance.random() < 0.3:
            return self.one(self.literal(), self.path())
        form = self.chance.randrange(12)
        less = fuel - 1
        if form < 3:
            left, right = self.value(less), self.value(less)
            return (
                f"{left}{self.continued() or ' '}{self.chance.choice(BINARY[:-1])} {right}"
                if form
                else f"{left} - {right}"
            )
        if form == 3:
            return self.one("-", "- ", "+", "--") + self.value(less)
        self.depth += 1
        try:
            return self.bracketed(form, less)
        finally:
            self.depth -= 1

    def bracketed(self, form: int, fuel: int) -> str:
        b = self.blank
        values = [self.value(fuel) for _ in range(self.chance.choice([0, 1, 1, 2, 3]))]
        last = self.one("", ",") if values else ""
        if form == 4:
            return f"[{b()}{f'{b()},{b()}'.join(values)}{b()}{last}{b()}]"
        if form == 5:
            steps = [f"{one}{self.gap()}from{self.gap()}{self.literal()}" for one in values or ["1"]]
            return f"[{b()}{f'{b()},{b()}'.join(steps)}{b()}{self.one('', ',')}{b()}]"
        if form == 6:
            return f"({b()}{self.value(fuel)}{b()},{b()}{self.value(fuel)}{b()})"
        if form == 7:
            return (
                f"{self.one('min', 'sum', 'f')}{self.one('', ' ')}({b()}{f'{b()},{b()}'.join(values)}{b()}{last}{b()})"
            )
        if form == 8:
            where = f"{self.gap()}where{self.gap()}{self.condition(fuel)}" if self.chance.random() < 0.5 else ""
            return f"sum({b()}{self.value(fuel)}{self.gap()}for x{self.gap()}in{self.gap()}{self.path()}{where}{b()})"
        if form == 9:
            return f"({b()}{self.value(fuel)}{self.gap()}..{self.gap()}{self.value(fuel)}{b()})"
        if form == 10:
            return f"(if {self.condition(fuel)}{self.gap()}then {self.value(fuel)}{self.gap()}else {self.value(fuel)})"
        return f"({b()}{self.value(fuel)}{b()})"

    def condition(self, fuel: int) -> str:
        if fuel > 0 and self.chance.random() < 0.2:
            joint = f"{self.gap()}{self.one('and', 'or', 'and not', 'or not')}{self.gap()}"
            return f"({self.condition(fuel - 1)}{joint}({self.condition(fuel - 1)}))"
        left, right = self.value(fuel - 1), self.value(fuel - 1)
        if self.chance.random() < 0.2:
            return f"{left}{self.continued() or ' '}~ {right}{self.continued() or ' '}within 5%"
        return f"{left}{self.continued() or ' '}{self.chance.choice(COMPARED)}{self.blank()}{right}"

    # --- statements ---

    def message(self) -> str:
        return f'{self.continued()}"a message # {{"' if self.chance.random() < 0.5 else ""

    def statement(self, fuel: int) -> str:
        form = self.chance.randrange(14)
        if form < 4:
            return f"{self.path()}{self.one('', ' ', '   ')}={self.one('', ' ', '   ')}{self.value(fuel)}"
        if form == 4:
            return f"let  {self.name()} = {self.value(fuel)}"
        if form == 5:
            start = f"{self.continued() or ' '}from {self.literal()}" if self.chance.random() < 0.5 else ""
            return f"{self.one('require', 'prefer')} {self.condition(fuel)}{start}{self.message()}"
        if form == 6:
            return f"remove {self.path()}"
        if form == 7:
            return self.one("use nvidia", "use  a.b  as c", 'use "x/y.plan"', "use a . b as from")
        if form == 8:
            return f"measure {self.name()} = {self.value(fuel)}{self.message()}"
        if form == 9:
            return f"{self.one('maximize', 'minimize')} {self.value(fuel)}{self.message()}"
        if form == 10:
            return f'accept PWR103{self.continued() or " "}until {self.literal()}{self.continued()}"why"'
        return self.block(fuel)

    def block(self, fuel: int) -> str:
        template = self.one("", "", "template  ")
        kind = self.one("campus", "building", "as", "from", "until")
        self.depth += 1
        member = self.one(
            "", "", "", "[2]", "[1..4]", "[1  ..n]", f"[{self.blank()}1 .. {self.value(1)}{self.blank()}]"
        )
        self.depth -= 1
        title = f'{self.continued()}"T {{"' if self.chance.random() < 0.3 else ""
        base = f"{self.gap()}is {self.path()}" if self.chance.random() < 0.3 else ""
        head = f"{template}{kind} {self.name()}{member}{title}{base}"
        if base and self.chance.random() < 0.4:
            return head
        one_line = self.on_line or self.chance.random() < 0.4
        self.on_line += bool(one_line)
        body = self.body(fuel - 1) if fuel > 0 else ""
        opening = self.blank() if one_line else self.one("\n", " ", "  # opened\n", "\n\n")
        self.on_line -= bool(one_line)
        return f"{head}{self.one('', ' ', '  ')}{{{opening}{body}}}"

    def body(self, fuel: int) -> str:
        return "".join(self.statement(fuel) + self.end() for _ in range(self.chance.choice([0, 1, 1, 2, 3])))

    def end(self) -> str:
        if self.on_line:
            return self.one(";", " ; ", ";;", "; ")
        if self.chance.random() < 0.15:
            return self.one(";", " ; ", ";\n", "; # c\n", "\n;", " # c\n ; # d\n")
        return self.breaks() + self.one("\n", "\n", "\r\n")


def drawn(chance: random.Random) -> str:
    """A plan of every form."""
    text = Drawing(chance).body(chance.choice([1, 2, 2, 3]))
    return chance.choice(["", "", "", "\ufeff", "\n\n", "# top\n"]) + (
        text.rstrip("\n") if chance.random() < 0.2 else text
    )


class Spoilt:
    """Top-level pieces of the project's plans, whose blanks, breaks and lists are drawn anew."""

    def __init__(self) -> None:
        files = [
            *ROOT.glob("examples/**/*.plan"),
            *ROOT.glob("planlang/**/*.plan"),
            *ROOT.glob("tests/golden/**/*.plan"),
        ]
        texts = [path.read_text(encoding="utf-8") for path in sorted(files)]
        self.pieces = [piece for text in texts for piece in text.split("\n\n") if 0 < len(piece) < 500]

    def drawn(self, chance: random.Random) -> str:
        """A piece or two. Where nothing was lost its meaning is as before."""
        text = "\n\n".join(chance.sample(self.pieces, chance.choice([1, 1, 1, 2])))
        drawing = Drawing(chance)
        made = []
        for leaf in leaves(Source("a.plan", text)):
            before = text[leaf.since : leaf.start]
            changed = chance.random() < 0.15
            if changed and "\n" not in before and before:
                before = drawing.gap()
            elif changed and "\n" in before:
                before = before.replace(
                    "\n", chance.choice(["\n\n", "\n\n\n", "\n \t\n", "\r\n", "\n# new\n", ";\n", "\n"]), 1
                )
            made += [before, text[leaf.start : leaf.end], text[leaf.end : leaf.until]]
            drawing.depth += (leaf.kind in ("(", "[")) - (leaf.kind in (")", "]"))
        return "".join(made)
