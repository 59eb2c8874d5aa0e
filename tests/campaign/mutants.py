"""Mutants: texts that somebody wrote, with pieces left out, doubled, swapped, or replaced by extremes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

ROOT = Path(__file__).parent.parent.parent
PIECE = re.compile(r'"[^"\n]*"|[A-Za-z_][\w.]*|[\d._%eE+-]+|\s+|.', re.DOTALL)
EXTREMES = (
    *(
        "0",
        "-1",
        "1e308",
        "1e-308",
        "9" * 30,
        "1e400",
        "0/0",
        "1/0",
        "10^400",
        "2^0.5",
        "1_000_000_000",
        "?",
        "N",
        "2N",
    ),
    *("3N/2", "999N", "1e30 MW", "1e-9 W", "0 W", "-5 degC", "1e9 K", "300 km/s", "3 ^ 0.5 * 400 V * 32 A", "5 Gb/s"),
    *("0001-01-01", "9999-12", "2026-02-30", "[1 MW from 2026-01]", "[? from 2026-01]", "[]", "(0, 0)", "1 .. 9999999"),
    *(
        "sum(1 for i in (1..999))",
        "if true then 1 else 2",
        "x.y.z",
        "a[1..3]",
        "true",
        '"',
        "{",
        "}",
        "{{",
        "[",
        "(",
        "#",
    ),
    *(
        "is",
        "template",
        "use nvidia",
        "remove a",
        "from",
        "until",
        "serves = [a]",
        "count = ?",
        "rating = ?",
        "\u202e",
        "\0",
    ),
    *("\ufeff", "\r", "é", "‘", "＝", "status = paused", "survives = [ups]", 'accept PWR103 until 2027-01 "x"'),
)
"""What stands where something else stood: the least and the greatest, what is undefined, what has another meaning."""

GRAPHML = """<?xml version="1.0"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="a" for="node" attr.name="Latitude" attr.type="double"/>
<key id="o" for="node" attr.name="Longitude" attr.type="double"/>
<key id="l" for="edge" attr.name="length" attr.type="double"/>
<graph edgedefault="undirected"><node id="0"><data key="a">50.1</data><data key="o">8.6</data></node>
<node id="1"><data key="a">52.5</data><data key="o">13.4</data></node>
<edge source="0" target="1"><data key="l">500</data></edge></graph></graphml>"""
NODE_LINK = """{"directed": false, "graph": {"name": "two"},
"nodes": [{"id": "a", "lat": 50.1, "lon": 8.6}, {"id": "b", "lat": 52.5, "lon": 13.4}],
"links": [{"source": "a", "target": "b", "dist": 500}]}"""
SNDLIB = """<?xml version="1.0"?><network xmlns="http://sndlib.zib.de/network"><networkStructure>
<nodes coordinatesType="geographical"><node id="A"><coordinates><x>8.6</x><y>50.1</y></coordinates></node>
<node id="B"><coordinates><x>13.4</x><y>52.5</y></coordinates></node></nodes>
<links><link id="L"><source>A</source><target>B</target><additionalModules><addModule><capacity>40</capacity>
<cost>1</cost></addModule></additionalModules></link></links></networkStructure>
<demands><demand id="D"><source>A</source><target>B</target><demandValue>3.0</demandValue>
</demand></demands></network>"""
YED = """<graphml xmlns:y="y"><key for="node" id="d6" yfiles.type="nodegraphics"/>
<key for="edge" id="d10" yfiles.type="edgegraphics"/><graph edgedefault="directed" id="G">
<node id="n0" yfiles.foldertype="group"><data key="d6"><y:NodeLabel>East</y:NodeLabel></data><graph id="n0:">
<node id="a"><data key="d6"><y:Geometry x="1" y="2"/><y:NodeLabel>A</y:NodeLabel></data></node></graph></node>
<node id="b"/><edge source="a" target="b"><data key="d10"><y:Arrows source="none" target="delta"/>
<y:EdgeLabel>80 km</y:EdgeLabel></data></edge></graph></graphml>"""
GNPY = """{"elements": [{"uid": "a", "type": "Roadm",
"metadata": {"location": {"city": "A", "latitude": 50, "longitude": 8}}},
{"uid": "b", "type": "Roadm"}, {"uid": "t", "type": "Transceiver"},
{"uid": "f", "type": "Fiber", "type_variety": "SSMF", "params": {"length": 80, "length_units": "km", "loss_coef": 0.2}},
{"uid": "e", "type": "Edfa", "type_variety": "x"},
{"uid": "g", "type": "Fiber", "params": {"length": 160, "con_in": 0.5}}],
"connections": [{"from_node": "t", "to_node": "a"}, {"from_node": "a", "to_node": "f"},
{"from_node": "f", "to_node": "e"},
{"from_node": "e", "to_node": "b"}, {"from_node": "b", "to_node": "g"}, {"from_node": "g", "to_node": "a"}],
"path-request": [{"source": "t", "destination": "b", "path-constraints": {"te-bandwidth": {"path_bandwidth": 1e11}}}],
"SI": [{"f_min": 191.3e12, "f_max": 195.1e12, "spacing": 50e9, "power_dbm": 0}], "Span": [{"max_length": 150}],
"Fiber": [{"type_variety": "SSMF", "dispersion": 1.67e-05, "effective_area": 83e-12}],
"Edfa": [{"type_variety": "x", "type_def": "variable_gain", "gain_flatmax": 25, "gain_min": 15, "p_max": 21,
"nf_min": 6, "nf_max": 10}],
"Transceiver": [{"type_variety": "t", "mode": [{"format": "m", "bit_rate": 1e11, "OSNR": 11,
"baud_rate": 32e9, "min_spacing": 50e9}]}]}"""
NETWORKS = (GRAPHML, NODE_LINK, SNDLIB, YED, GNPY)
TEMPLATES = (
    "# {{ title }}\n{% for line in lines %}{{ line.item }} {{ line.quantity }}\n{% endfor %}",
    "{% set a = [1, 2] %}{% for i in range(5) %}{% set a = [a, a] %}{% endfor %}{{ a == a }} {{ 3 | round(2) }}",
    "{% macro m(x) %}{{ x * 9 }}{% endmacro %}{{ m('ab') }}{{ lines | map(attribute='item') | join(', ') | upper }}",
)


def plans() -> list[str]:
    """Plans of the tests and the examples, none long."""
    folders = (ROOT / "examples", ROOT / "examples" / "fairwater", ROOT / "tests" / "golden" / "mistakes")
    found = [path.read_text(encoding="utf-8") for folder in folders for path in sorted(folder.glob("*.plan"))]
    return [text for text in found if len(text) < 5_000]


def snippets() -> list[str]:
    """A few lines each, as a reader of the language sees them."""
    found = [part for text in plans() for part in re.split(r"\n(?=[a-z}])|\n\n", text) if 10 < len(part) < 600]
    for path in sorted((ROOT / "tests" / "golden" / "teaching").glob("*.txt")):
        for part in re.split("^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            found.append(part.partition("\n")[2].partition("\n---\n")[0])
    return found


FIGURE = re.compile(r"(?<![\w.\-])\d[\d_]*(?:\.\d+)?(?![\w.\-])")
FIGURES = ("0", "1", "2", "3", "7", "0.5", "1e-9", "1e-3", "1e3", "1e6", "1e9", "1e12", "1e20", "1e-20", "999_999_999")
"""Other figures: none, few, fractions, the least and the greatest that are reckoned with."""
WORDS = (
    *("gpu", "building", "ups", "deploy", "count", "campus c", "load = 1 MW", "pue = 1.2", "survives", "3 MW", "1..3"),
    *("let", "is", "template", "use", "from", "until", "require", ">=", "?", "=", "->", "accept", "measure", "remove"),
    *(".", ",", ";", ":", "#", "$", "\\", "{", "}", "[", "]", "(", ")", '"', '"a"', "{ }", "\n", "\n  ", "\n}", "  "),
)


def refigured(chance: random.Random, text: str) -> str:
    """The text with one to three of its figures changed; now and then a size is left open."""
    places = list(FIGURE.finditer(text))
    for match in sorted(
        chance.sample(places, min(len(places), chance.choice((1, 1, 2, 3)))), key=lambda one: -one.start()
    ):
        text = text[: match.start()] + chance.choice(FIGURES) + text[match.end() :]
    if chance.random() < 0.2:
        text = re.sub(r"(count|rating|capacity) = [^;}\n]+", r"\1 = ?", text, count=chance.choice((1, 2)))
    return text


def any_words(chance: random.Random) -> str:
    """Words and signs in any order."""
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 40)))


def mutant(chance: random.Random, text: str, others: list[str]) -> str:
    """The text with one to four of its pieces changed."""
    pieces = PIECE.findall(text) or [" "]
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
        place = chance.randrange(len(pieces))
        how = chance.randrange(8)
        if how == 0:
            del pieces[place : place + chance.choice((1, 1, 2, 5))]
        elif how == 1:
            pieces[place:place] = pieces[place : place + chance.choice((1, 1, 3, 20))]
        elif how == 2:
            other = chance.randrange(len(pieces))
            pieces[place], pieces[other] = pieces[other], pieces[place]
        elif how == 3:
            pieces[place] = chance.choice(EXTREMES)
        elif how == 4:
            taken = PIECE.findall(chance.choice(others))
            start = chance.randrange(max(1, len(taken)))
            pieces[place:place] = taken[start : start + chance.choice((1, 2, 8))]
        elif how == 5:
            pieces[place] = "".join(chance.sample(pieces[place], len(pieces[place])))
        elif how == 6:
            piece = pieces[place]
            at = chance.randrange(len(piece) + 1)
            pieces[place] = (
                piece[:at] + chr(chance.choice((0, 9, 10, 34, 39, 61, 92, 123, 125, 160, 0x202E, 0x1F600))) + piece[at:]
            )
        else:
            pieces.insert(place, chance.choice(EXTREMES))
        if not pieces:
            pieces = [" "]
    return "".join(pieces)
