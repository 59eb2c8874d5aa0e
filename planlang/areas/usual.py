"""The range of each figure that occurs in practice: a table beside the schemas, by which units are doubted.

It is wide on purpose: what lies within, and ten times beyond, is never doubted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.stages import STAGES
from planlang.core.rule import code_of, rule
from planlang.core.usual import Usual, bounds, doubts, is_usual, parted, parted_quantities
from planlang.lang.finding import DOUBTFUL, Finding, Fix
from planlang.lang.text import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.situation import Situation
    from planlang.core.supposed import Meant

_SITE = {
    "budget": Usual("10 kW", "10 GW", "from a room to the largest campuses that are announced"),
    "load": Usual("1 kW", "10 GW", "from a rack to the largest campuses that are announced"),
    "other_load": Usual("100 W", "2 GW", "from a light to all that is not IT of the largest campuses"),
    "area": Usual("10 m2", "100 km2", "from a room to the largest estates"),
}
_BUILDING = {
    **_SITE,
    "budget": Usual("10 kW", "2 GW", "from a room to twice the largest buildings that are announced"),
    "load": Usual("1 kW", "2 GW", "from a rack to twice the largest buildings that are announced"),
    "floor_load": Usual("100 kg/m^2", "10_000 kg/m^2", "raised floors bear some 500 kg/m^2, slabs several tonnes"),
}
_HALL = {
    **_BUILDING,
    "density": Usual("1 kW", "2 MW", "a rack position, from a server or two to racks that are announced"),
    "air_density": Usual("500 W", "200 kW", "what air takes from a rack position"),
    "rack_mass": Usual("20 kg", "1_000 kg", "from an open frame to a wide rack with busbars and manifolds"),
    "rack_limit": Usual("100 kg", "10_000 kg", "from a wall cabinet to twice what liquid-cooled racks are rated for"),
    "row_budget": Usual("5 kW", "50 MW", "a row of a few racks to some dozen dense ones"),
}
_DRAW = Usual("100 W", "20 MW", "from a server to a pod that is sold as one")
_PORT = Usual("1 Gb/s", "3.2 Tb/s", "Ethernet and InfiniBand, from 1G to what is announced", bits=True)
_ROUTE = Usual("20 m", "20_000 km", "from the next building to the far side of the earth")
_RUN = Usual("10 cm", "10 km", "from within a rack to the far end of a campus")

USUAL: dict[str, dict[str, Usual]] = {
    "campus": _SITE,
    "building": _BUILDING,
    "hall": _HALL,
    "region": {"carbon": Usual("1 g/kWh", "2 kg/kWh", "from hydro power to lignite (IPCC AR5, annex III)")},
    "accelerator": {
        "tdp": Usual("30 W", "10 kW", "from cards for inference to wafers and packages that are announced"),
        "memory": Usual("4 GB", "4 TB", "from small cards to packages that are announced"),
        "memory_bandwidth": Usual("100 GB/s", "100 TB/s", "GDDR to packages that are announced"),
        "bf16": Usual("10 TFLOPS", "1 EFLOPS", "from small cards to wafers"),
        "fp8": Usual("10 TFLOPS", "1 EFLOPS", "from small cards to wafers"),
    },
    "system": {
        "power": _DRAW,
        "nameplate": _DRAW,
        "peak": _DRAW,
        "average": _DRAW,
        "nic": Usual("1 Gb/s", "20 Tb/s", "from 1G to all links of an accelerator together", bits=True),
        "mass": Usual("1 kg", "50_000 kg", "from a tray to a container"),
        "footprint": Usual("0.1 m2", "100 m2", "from a narrow rack to a container"),
        "flow": Usual("1 L/min", "10_000 L/min", "some 1.5 L/min for each kW"),
    },
    "port": {"rate": Usual("10 Mb/s", "20 Tb/s", "from management to what is announced", bits=True)},
    "switch": {
        "rate": _PORT,
        "power": Usual("20 W", "50 kW", "from fixed boxes to chassis"),
        "port_power": Usual("500 mW", "100 W", "from SFP to coherent optics"),
    },
    "transceiver": {
        "rate": Usual("1 Gb/s", "6.4 Tb/s", "from 1G to what is announced", bits=True),
        "power": Usual("100 mW", "100 W", "from SFP to coherent optics"),
    },
    "cable": {
        "rate": _PORT,
        "reach": Usual("20 cm", "500 m", "from within a rack to active optical cables"),
    },
    "fabric": {
        "power_budget": Usual("1 kW", "1 GW", "from some switches to the network of a campus"),
        "length": _RUN,
        "host_length": _RUN,
        "top_length": _RUN,
    },
    "run": {"length": _RUN},
    **{stage.kind: stage.usual for stage in STAGES},
    "battery": {
        "rating": Usual("1 kW", "5 GW", "from a cabinet to the largest yards"),
        "energy": Usual("500 Wh", "50 GWh", "from a module to the largest yards"),
    },
    "chiller": {"capacity": Usual("5 kW", "100 MW", "from small units to a plant as one")},
    "dry_cooler": {"capacity": Usual("1 kW", "100 MW", "from small units to a plant as one")},
    "tower": {"capacity": Usual("20 kW", "500 MW", "from small cells to a plant as one")},
    "cdu": {
        "capacity": Usual("1 kW", "50 MW", "from one in a rack to a skid"),
        "flow": Usual("1 L/min", "50_000 L/min", "some 1.5 L/min for each kW"),
    },
    "crah": {"capacity": Usual("1 kW", "20 MW", "from a rear door to a fan wall")},
    "water": {
        "supply": Usual("0.1 m3/day", "1_000_000 m3/day", "from a tap to a city's works"),
        "sewer": Usual("0.1 m3/day", "1_000_000 m3/day", "from a drain to a city's works"),
        "wue": Usual("0.001 L/kWh", "20 L/kWh", "evaporating all heat takes some 1.6 L/kWh"),
        "peak_wue": Usual("0.001 L/kWh", "20 L/kWh", "evaporating all heat takes some 1.6 L/kWh"),
    },
    "line_system": {
        "rate": Usual("100 Gb/s", "2 Tb/s", "coherent wavelengths, from 100G to what is announced", below=False),
        "spacing": Usual("37.5 GHz", "200 GHz", "the grid of ITU-T G.694.1"),
        "span": Usual("20 km", "200 km", "amplifiers stand 60 to 120 km apart"),
        "baud": Usual("10 GHz", "300 GHz", "coherent wavelengths"),
        "launch": Usual("50 uW", "100 mW", "some 0 to 5 dBm a wavelength"),
        "amplifier_power": Usual("5 mW", "5 W", "amplifiers put out 17 to 30 dBm"),
        "loss": Usual("0.1 dB/km", "1 dB/km", "from the best fiber to old routes"),
        "effective_area": Usual("20 um^2", "300 um^2", "ITU-T G.652 to G.654"),
    },
    "fiber": {
        "loss": Usual("0.05 dB/km", "1 dB/km", "from hollow cores to old routes"),
        "effective_area": Usual("20 um^2", "2_000 um^2", "from ITU-T G.652 to hollow cores"),
        "delay": Usual("3.34 us/km", "5 us/km", "from hollow cores to glass"),
    },
    "conduit": {"length": _ROUTE},
    "link": {"length": _ROUTE},
    "demand": {
        "rate": Usual("10 Mb/s", "100 Pb/s", "from a control channel to the largest clusters"),
        "latency": Usual("10 us", "1 s", "from the next building to all the way around the earth and back"),
    },
}
"""By kind and attribute."""


def between(kind: str, name: str) -> tuple[float, float]:
    """The least and the greatest usual figure of an attribute, in base units."""
    return bounds(USUAL[kind][name])


def meant_figures(situation: Situation) -> Iterator[Meant]:
    """Every doubted figure that is written out somewhere, and what was likely meant."""
    from planlang.core.supposed import meant

    return meant(situation, USUAL)


@rule(DOUBTFUL, "doubtful-figure", severity="warning")
def doubtful_figure(situation: Situation) -> Iterator[Finding]:
    """A figure is far from anything that there is, and the same number with another prefix is usual: a megawatt is no
    milliwatt.

    What is usual of an attribute is in its entry in `plan explain KIND`; what lies within ten times of it is never
    doubted, nor is a figure that no other prefix makes usual. Doubted, too, is a whole number that is written with a
    point and three digits, a quantity that is written so and ends with a zero, and a port's rate in bytes.

    What is found with the figure as it is written, and not with one that is likely meant, follows from it: that is not
    told, but named here, and where it is an error, so is this. `accept FIG101` says that the figure is right.

    Example:
        ups block { rating = 2.5 mW; count = 4 }
    """
    code = code_of(DOUBTFUL)
    for one in parted_quantities(situation, USUAL):
        path, number, unit = one.entity.path, *one.text.split(None, 1)
        text = f"`{path}`: `{one.name}` is {one.text}, which is {show(one.value)}: a point parts no thousands"
        plain = number.rstrip("0").rstrip(".")
        note = f"is {show(one.meant)} meant? write `{number.replace('.', '_')} {unit}`; else `{plain} {unit}`"
        yield Finding(code, text, one.span, path, notes=(note,))
    for entity, name, span in parted(situation):
        whole = int(situation.given(entity, name))  # type: ignore[arg-type]
        text = f"`{entity.path}`: `{name}` is {span.text}, which is {whole:,}: a point parts no thousands"
        note = f"write `{whole}`, or `{span.text.replace('.', '_')}`"
        yield Finding(code, text, span, entity.path, notes=(note,))
    for doubt in doubts(situation, USUAL):
        entity, name = doubt.entity, doubt.name
        usual = USUAL[entity.kind.name][name]
        range_text = f"{usual.low.replace('_', ',')} to {usual.high.replace('_', ',')}"
        text = f"`{entity.path}`: `{name}` is {show(doubt.value)}, far from what there is of a {entity.kind.name}: "
        text += range_text
        if is_usual(doubt.figure, bounds(usual)):
            text = f"`{entity.path}`: `{name}` is {show(doubt.value)}, and links are counted in bits, not in bytes"
        notes = tuple(slip.note(other) for slip, other in doubt.meant)
        fixes: tuple[Fix, ...] = ()
        if len(doubt.meant) == 1:
            likely = doubt.meant[0][1]
            fixes = (Fix(f"write `{name} = {show(likely)}`", f"{entity.path}.{name}", likely),)
        yield Finding(code, text, doubt.span, entity.path, notes=notes, fixes=fixes)
