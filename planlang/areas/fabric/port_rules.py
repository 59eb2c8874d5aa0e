"""What must hold of the ports that a fabric joins: the systems of its deploys have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planlang.areas.compute.derived import system_of
from planlang.areas.fabric.shape import ports_of
from planlang.areas.fabric.wording import finding, there
from planlang.core.rule import code_of, rule
from planlang.lang.finding import Contributor, Fix
from planlang.lang.nearest import nearest
from planlang.lang.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planlang.core.plan import Entity
    from planlang.core.situation import Situation
    from planlang.lang.finding import Finding


@rule("FAB124", "no-such-port", needs=("fabric",))
def no_such_port(situation: Situation) -> Iterator[Finding]:
    """The port that a fabric joins is one of every system that it connects, and each link leads to one of them.

    Formula: endpoints = systems x count of the port.
    Source: servers have a front-end or storage network besides that of their accelerators.
    Example:
        switch leaf { ports = 64; rate = 400 Gb/s; power = 1 kW }
        system server is nvidia.dgx_b200 { port frontend { rate = 400 Gb/s; count = 2 } }
        building b { peak_pue = 1.3
          deploy servers { system = server; count = 4 } }
        fabric f { connects = [b.servers]; port = frontent; switch = leaf; tiers = 2 }
    """
    for fabric in there(situation, "fabric"):
        if situation.says(fabric, "port"):
            yield from _of_systems(situation, fabric, str(situation.given(fabric, "port")))


def _of_systems(situation: Situation, fabric: Entity, name: str) -> Iterator[Finding]:
    found = (system_of(situation, deploy) for deploy in situation.all_referred(fabric, "connects"))
    systems = list(dict.fromkeys(one for one in found if one is not None))
    if not situation.says(fabric, "connects"):
        text = f"`{fabric.path}` joins the port `{name}` of its deploys, and it connects none"
        yield finding(code_of("FAB124"), fabric, text, "port")
        return
    lacking = [one for one in systems if name not in ports_of(situation, one)]
    if lacking:
        verb = "does" if len(lacking) == 1 else "do"
        whose = listed([f"`{one.path}`" for one in lacking])
        text = f"`{fabric.path}` joins the port `{name}`, which {whose} {verb} not have"
        yield _with_near(situation, finding(code_of("FAB124"), fabric, text, "port"), fabric, name, systems, lacking)
    elif situation.says(fabric, "endpoint"):
        text = f"`{fabric.path}`: `endpoint` is what its NICs lead to, and it joins the port `{name}`: leave it out"
        yield finding(code_of("FAB124"), fabric, text, "endpoint")


def _with_near(
    situation: Situation, found: Finding, fabric: Entity, name: str, systems: list[Entity], lacking: list[Entity]
) -> Finding:
    """The finding with the nearest port that all systems have, and what ports there are."""
    known = [ports_of(situation, one) for one in systems]
    common = [one for one in known[0] if all(one in ports for ports in known)]
    near = nearest(name, common)
    fixes = (Fix(f"write `port = {near[0]}`", f"{fabric.path}.port"),) if near else ()
    notes = tuple(_has(one, list(ports_of(situation, one)), name) for one in lacking)
    parts = tuple(Contributor(one.path, None, one.span) for one in lacking)
    return found._replace(fixes=fixes, notes=notes, contributors=parts)


def _has(system: Entity, names: list[str], wanted: str) -> str:
    if names:
        return f"`{system.path}` has the port{'' if len(names) == 1 else 's'} {listed([f'`{one}`' for one in names])}"
    port = f"port {wanted} {{ rate = 400 Gb/s }}"
    module = system.block.parent
    if module is not None and module.path and not module.kind:
        return (
            f"`{system.path}` has no port: write `system {system.block.name} is {system.path} {{ {port} }}`, and use it"
        )
    return f"`{system.path}` has no port: write `{port}` in it"
