"""`plan catalog`, and the catalogue itself: every figure says where it comes from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from planlang.cli.catalog import entries
from planlang.core.plan import magnitude
from planlang.core.provenance import CONFIDENCE, Origin, origins

if TYPE_CHECKING:
    from collections.abc import Callable

    from planlang.views.catalogue import Entry

ENTRIES = entries()
NO_FIGURE = ("vendor", "accelerator")
"""Attributes that name, and measure nothing."""


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.path)
def test_every_figure_has_its_origin(entry: Entry) -> None:
    """The source of an entry names each of its figures, once, with a letter, and nothing else."""
    source = entry.entity.written["source"]
    assert isinstance(source, str)
    figures = set(entry.figures) - set(NO_FIGURE)
    assert set(origins(source)) == figures
    named = [name for clause in source.split("; ") for name in origins(clause)]
    assert sorted(named) == sorted(figures)
    assert all(len(origins(clause)) >= 1 for clause in source.split("; ")), source


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("", {}),
        ("tdp: A", {"tdp": Origin("A", "", "")}),
        (
            "tdp (Max-P, at most), memory: P*, a page, and another; fp8 (dense): C, 8 x 2: 16",
            {
                "tdp": Origin("P*", "a page, and another", "Max-P, at most"),
                "memory": Origin("P*", "a page, and another", ""),
                "fp8": Origin("C", "8 x 2: 16", "dense"),
            },
        ),
        ("power: our own meters, 99th percentile of a week", {}),
        ("power: Q, no letter of ours; rate: V", {"rate": Origin("V", "", "")}),
        ("measured: in our halls; as in the catalogue", {}),
    ],
)
def test_the_form_of_a_source(source: str, found: dict[str, Origin]) -> None:
    """What is not of the form says nothing of single figures."""
    assert origins(source) == found


def test_the_list(plan: Callable[..., Any]) -> None:
    """All entries kind by kind with their main figures; what nobody published is a dash."""
    code, out, err = plan("catalog")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines() if line and "." not in line.split()[0]] == [
        *("accelerator", "system", "switch", "transceiver", "cable", "line_system", "fiber")
    ]
    assert all(any(line.startswith(entry.path + " ") for line in out.splitlines()) for entry in ENTRIES)
    assert plan("catalog", "cables") == plan("catalog", "cable")
    assert plan("catalog", "cable").out == (
        "cable                  rate      reach  power\n"
        "optics.dac_800g        800 Gb/s  2 m    0.1 W  800G passive copper (DAC)\n"
        "optics.dac_800g_split  800 Gb/s  3 m    0.1 W  800G passive copper (DAC), split in two\n"
        "optics.acc_800g        800 Gb/s  5 m    1.5 W  800G active copper (ACC)\n"
        "optics.aec_800g        800 Gb/s  7 m    10 W   800G active electrical cable (AEC)\n"
        "optics.aoc_800g        800 Gb/s  50 m   17 W   800G active optical cable (AOC)\n"
    )
    assert plan("catalog", "Trainium2").out == (
        "accelerator    tdp    memory  bf16        fp8\n"
        "aws.trainium2  500 W  96 GB   667 TFLOPS  1,300 TFLOPS  AWS Trainium2\n"
        "\n"
        "system                accelerators  power  average  liquid  nic       price\n"
        "aws.trn2_server       16            –      –        0       200 Gb/s  –      Trn2 server, 16 x Trainium2\n"
        "aws.trn2_ultraserver  64            –      –        0       200 Gb/s  –      Trn2 UltraServer, 64 x Trainium2 "
        "in two racks\n"
    )


def test_side_by_side(plan: Callable[..., Any]) -> None:
    """`--compare` sets the entries of a kind beside one another, each figure before the letter of its confidence."""
    assert plan("catalog", "gb200", "gb300", "--compare") == (
        0,
        """\
accelerator       nvidia.gb200    nvidia.gb300
vendor            NVIDIA          NVIDIA
tdp               1,200 W R       1,400 W A
memory            186 GB P        279 GB V
memory_bandwidth  8,000 GB/s R    8,000 GB/s R
bf16              2,500 TFLOPS R  2,500 TFLOPS R
fp8               5,000 TFLOPS R  5,000 TFLOPS R

system        nvidia.gb200_nvl72  nvidia.gb300_nvl72
accelerator   nvidia.gb200        nvidia.gb300
accelerators  72 D                72 D
tray          4 P                 4 R
power         132 kW A            142 kW P
peak          184.8 kW C          –
average       120 kW V            –
idle          19.8 kW C           21.3 kW C
liquid        0.87 A              0.87 A
supply_max    45 degC R           45 degC R
air_max       35 degC R           35 degC R
positions     1 D                 1 D
height        48 U R              48 U R
mass          1,360 kg A          1,360 kg A
footprint     0.641 m^2 R         0.641 m^2 R
nic           400 Gb/s P          800 Gb/s P
price         3 MUSD A            –

D  given by the entry's name
P  read in a primary source
V  a vendor's statement
A  an analyst's or the press's estimate
R  recalled, an estimate
C  computed from the others
""",
        "",
    )


def test_one_entry(plan: Callable[..., Any]) -> None:
    """One entry shows every figure with its source, what is not published, and its note."""
    shown = (
        0,
        """\
accelerator nvidia.gb200 "NVIDIA GB200 (one GPU of the superchip)"

vendor            NVIDIA
tdp               1,200 W       R  estimate (recalled, not opened)
memory            186 GB        P  MLCommons v6.1 system description
memory_bandwidth  8,000 GB/s    R  estimate (recalled, not opened)
bf16              2,500 TFLOPS  R  estimate (recalled, not opened)
fp8               5,000 TFLOPS  R  estimate (recalled, not opened)

not published: price

note: One GPU: a superchip carries two. Marketing says 192 GB; 186 GB is what systems report.

P  read in a primary source
R  recalled, an estimate
""",
        "",
    )
    assert plan("catalog", "nvidia.gb200") == plan("catalog", "NVIDIA.GB200") == shown


def test_json(plan: Callable[..., Any]) -> None:
    """Each figure is a value with its confidence and source; what is not known is null."""
    code, out, err = plan("catalog", "nvidia.vera_rubin", "--format", "json")
    made = json.loads(out)
    assert (code, err) == (0, "")
    assert (made["format_version"], made["letters"]) == ("1.0", CONFIDENCE)
    (entry,) = made["entries"]
    assert (entry["path"], entry["kind"], entry["title"]) == (
        "nvidia.vera_rubin",
        "accelerator",
        "NVIDIA Vera Rubin (one package)",
    )
    assert entry["figures"]["tdp"] == {
        "value": {"kind": "quantity", "value": 2300.0, "unit": "W", "text": "2,300 W"},
        "confidence": "R",
        "source": "estimate (recalled, not opened)",
        "remark": "Max-P",
    }
    assert entry["figures"]["vendor"] == {
        "value": {"kind": "text", "value": "NVIDIA"},
        "confidence": None,
        "source": None,
        "remark": None,
    }
    assert entry["missing"] == ["bf16", "price"]
    assert entry["source"].startswith("tdp (Max-P), memory, memory_bandwidth: R, ")
    assert len(json.loads(plan("catalog", "--format", "json").out)["entries"]) == len(ENTRIES)


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("gb20_nvl72", "did you mean `gb200_nvl72` or `gb300_nvl72`?"),
        ("nvidea", "did you mean `nvidia`?"),
        ("optics.er4_401g", "did you mean `optics.er4_400g`, `optics.dr4_400g` or `optics.fr4_400g`?"),
        ("swich", "did you mean `switch`?"),
        ("xyzzy\x1b", "`plan catalog` lists all there are"),
    ],
)
def test_nearest_names(plan: Callable[..., Any], word: str, hint: str) -> None:
    """What means nothing is answered with what comes near, and exits with 2."""
    shown = word.replace("\x1b", "\\x1b")
    assert plan("catalog", "h100", word) == (2, "", f"plan: the catalogue has no `{shown}`; {hint}\n")


def test_a_sku_explained(plan: Callable[..., Any]) -> None:
    """`plan explain` of a SKU: its entry, what follows from it, and what a plan takes where nothing is published."""
    code, out, err = plan("explain", "nvidia.gb300_nvl72")
    assert (code, err) == (0, "")
    entry = plan("catalog", "nvidia.gb300_nvl72")[1]
    assert out.startswith(entry)
    assert out[len(entry) :] == (
        "\nfollows:\n"
        "power an accelerator        1.972 kW\n"
        "heat to liquid              123.5 kW\n"
        "heat to air                 18.46 kW\n"
        "systems in 1 MW of IT       7\n"
        "load on the floor under it  2,122 kg/m^2\n"
        "\nwhere it is not written:\n"
        "peak     peaks of milliseconds are not checked\n"
        "average  its `power` counts as its mean, so energy is the most that it can be\n"
        "flow     that of its heat, at the rise of its loop\n"
        "\nIn a plan: `use nvidia`, then `nvidia.gb300_nvl72`.\n"
    )
    assert plan("explain", "gb300_nvl72")[1] == out


def test_a_sku_that_there_is_not(plan: Callable[..., Any]) -> None:
    assert plan("explain", "gb30_nvl72") == (
        2,
        "",
        "plan: there is no code, kind, attribute or SKU `gb30_nvl72`; did you mean `gb300_nvl72` or `gb200_nvl72`?\n",
    )


@pytest.mark.parametrize("entry", [one for one in ENTRIES if one.kind.name == "system"], ids=lambda one: one.path)
def test_laws_of_systems(entry: Entry) -> None:
    """Trays divide the accelerators; idle, mean, sustained draw and peak are in order; the nameplate is no less."""
    found = {name: magnitude(figure.value) for name, figure in entry.figures.items() if name != "accelerator"}
    if "tray" in found:
        assert found["accelerators"] % found["tray"] == 0
    names = [name for name in ("idle", "average", "power", "peak") if name in found]
    assert [found[name] for name in names] == sorted(found[name] for name in names)
    assert found.get("nameplate", found.get("power", 0)) >= found.get("power", 0)
    assert 0 <= found.get("liquid", 0) <= 1


@pytest.mark.parametrize("entry", [one for one in ENTRIES if one.kind.name == "switch"], ids=lambda one: one.path)
def test_laws_of_switches(entry: Entry) -> None:
    """What a box typically draws is no more than what is provisioned for it."""
    found = {name: magnitude(figure.value) for name, figure in entry.figures.items()}
    assert found.get("typical_power", 0) <= found.get("power", float("inf"))
