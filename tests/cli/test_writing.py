"""Files are written whole or not at all, by every command, and never through a link."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from planlang.cli.files import refuse_links, write_whole
from planlang.cli.folder import MANIFEST
from planlang.cli.terminal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

NETWORK = {"nodes": [{"id": "a"}, {"id": "b"}], "edges": [{"source": "a", "target": "b"}]}
PLAN = """use optics
campus a "Atlanta" { at = (33.45, -84.45) }
campus b { at = (42.70, -87.88) }
link l { between = [a, b]; length = 1_127 km; line = optics.dwdm_c_32x400; fiber_pairs = 12 }
switch box { ports = 4; rate = 400 Gb/s; power = 1 kW }
system server { accelerators = 2; power = 1 kW }
campus d { deploy servers { system = server; count = 4 } }
fabric f { connects = [d.servers]; switch = box; tiers = 2; transceiver = optics.dr4_400g }
"""
COMMANDS = {
    "import": ("import", "n.json", "-o", "out/n.plan", "--force"),
    "init": ("init", "out"),
    "render": ("render", "p.plan", "-o", "out"),
    "export": ("export", "gnpy", "p.plan", "-o", "out"),
    "export cables": ("export", "cables", "p.plan", "-o", "out"),
    "export a lab": ("export", "containerlab", "p.plan", "-o", "out"),
}


@pytest.fixture(autouse=True)
def inputs(place: Path) -> None:
    (place / "n.json").write_text(json.dumps(NETWORK))
    (place / "p.plan").write_text(PLAN)
    (place / "out").mkdir()


def files(folder: str = "out") -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


def link(path: Path, target: Path | str) -> None:
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("no symbolic links here")


# --- whole or not at all -----------------------------------------------------------------------------

_LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
from planlang.cli.main import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize("room", [0, 100, 300])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_disk_that_fills(plan: Callable[..., Any], command: str, room: int) -> None:
    """The system takes no more bytes of a file than there is room for: what was there stays, no half of a file comes,
    and the same command succeeds once there is room."""
    pytest.importorskip("resource")
    words = COMMANDS[command]
    assert plan(*words).code == 0
    whole = files()
    for name in whole:
        Path("out", name).unlink()
    before: dict[str, bytes] = {}
    if command == "import":
        before = {"n.plan": b"an older one\n"}
        Path("out", "n.plan").write_bytes(before["n.plan"])
    done = subprocess.run(
        [sys.executable, "-B", "-c", _LIMITED, str(room), *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("plan: cannot use `out")
    assert done.stderr.endswith(": file too large\n")
    for name, data in files().items():
        assert data in (whole.get(name), before.get(name)) or name == MANIFEST
    assert plan(*words).code == 0
    assert files() == whole


@pytest.mark.parametrize("command", COMMANDS)
def test_writing_that_fails_at_its_end(plan: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """Wherever renaming fails, nothing is left beside the files, and the command can be run again."""
    words = COMMANDS[command]
    real = os.replace
    for stop in range(20):
        left = [stop]

        def failing(source: str, target: str, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0 and str(target).startswith("out"):
                raise OSError(28, "No space left on device")
            real(source, target)

        monkeypatch.setattr(os, "replace", failing)
        outcome = plan(*words)
        monkeypatch.setattr(os, "replace", real)
        assert not [name for name in os.listdir("out") if name.endswith(".part")]
        if outcome.code == 0:
            break
        assert outcome.err.startswith("plan: cannot use `out")
        assert outcome.err.endswith(": no space left on device\n")
    assert outcome.code == 0
    assert stop > 0


def test_a_starter_that_was_begun(plan: Callable[..., Any]) -> None:
    """What a run wrote before it failed is no obstacle for the next; what someone changed is one."""
    assert plan("init", "out").code == 0
    whole = files()
    Path("out", "site.plan").unlink()
    assert plan("init", "out") == (0, "out/site.plan\nout/parts/gpu_building.plan\n", "")
    assert files() == whole
    Path("out", "site.plan").unlink()
    Path("out", "parts", "gpu_building.plan").write_text("mine")
    said = "plan: `out/parts/gpu_building.plan` exists already, and nothing is written over it\n"
    assert plan("init", "out") == (2, "", said)
    assert files() == {"parts/gpu_building.plan": b"mine"}


# --- never through a link ----------------------------------------------------------------------------


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("target", ["victim", "nothing", "/dev/null"])
def test_an_import_onto_a_link(plan: Callable[..., Any], place: Path, target: str, force: bool) -> None:
    """It is refused, with --force too, and what it leads to is as it was, or is not made."""
    (place / "victim").write_text("precious")
    link(place / "n.plan", target)
    said = "plan: `n.plan` is a symbolic link, and nothing is written through one: name where it leads\n"
    assert plan("import", "n.json", "-o", "n.plan", *["--force"] * force) == (2, "", said)
    assert (place / "victim").read_text() == "precious"
    assert (place / "n.plan").is_symlink()
    assert not (place / "nothing").exists()


def test_an_import_onto_no_file(plan: Callable[..., Any], place: Path) -> None:
    """A pipe, a device or a folder is not replaced, and not waited for."""
    said = "plan: `{}` is there, and no file\n"
    assert plan("import", "n.json", "-o", "out", "--force") == (2, "", said.format("out"))
    if os.path.exists("/dev/null"):
        assert plan("import", "n.json", "-o", "/dev/null", "--force") == (2, "", said.format("/dev/null"))
        assert not Path("/dev/null").is_file()
    if hasattr(os, "mkfifo"):
        os.mkfifo("n.plan")
        assert plan("import", "n.json", "-o", "n.plan", "--force") == (2, "", said.format("n.plan"))


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("absolute", [False, True])
def test_a_folder_that_is_a_link(plan: Callable[..., Any], place: Path, command: str, absolute: bool) -> None:
    """Nothing is written through it, however it is named."""
    (place / "out").rmdir()
    (place.parent / "elsewhere").mkdir()
    link(place / "out", "../elsewhere")
    words = list(COMMANDS[command])
    if absolute and command != "import":
        words[words.index("out")] = str(place / "out")
    shown = str(place / "out") if absolute and command != "import" else "out"
    said = f"plan: `{shown}` is a symbolic link, and nothing is written through one: name where it leads\n"
    assert plan(*words) == (2, "", said)
    assert files("../elsewhere") == {}


def test_a_link_on_the_way(plan: Callable[..., Any], place: Path) -> None:
    """Of a path from where one is, no part may be a link; one that the system has on the way to it may."""
    (place.parent / "elsewhere").mkdir()
    link(place / "build", "../elsewhere")
    said = "plan: `build` is a symbolic link, and nothing is written through one: name where it leads\n"
    assert plan("render", "p.plan", "-o", "build/new/out") == (2, "", said)
    assert plan("render", "p.plan", "-o", "./build/../out") == (2, "", said.replace("build", "./build"))
    assert files("../elsewhere") == {}
    refuse_links(str(place / "build" / "out"))
    with pytest.raises(Refusal):
        refuse_links(str(place / "build"))


def test_a_starter_with_a_link_in_it(plan: Callable[..., Any], place: Path) -> None:
    """Into `parts`, which leads elsewhere, nothing is written, nor beside it."""
    (place.parent / "elsewhere").mkdir()
    link(place / "out" / "parts", "../../elsewhere")
    said = "plan: `out/parts` is a symbolic link, and nothing is written through one: name where it leads\n"
    assert plan("init", "out") == (2, "", said)
    assert files() == files("../elsewhere") == {}


@pytest.mark.parametrize("name", [MANIFEST, "bom.md", "fleet.svg"])
def test_links_in_the_folder(plan: Callable[..., Any], place: Path, name: str) -> None:
    """They are in the way; with --force they are replaced, and what they lead to stays."""
    (place / "victim").write_text("precious")
    link(place / "out" / name, "../victim")
    assert plan("render", "p.plan", "-o", "out").code == 2
    assert plan("render", "p.plan", "-o", "out", "--force").code == 0
    assert (place / "victim").read_text() == "precious"
    assert not (place / "out" / name).is_symlink()
    assert plan("render", "p.plan", "-o", "out") == plan("render", "p.plan", "-o", "out", "--force")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("name", [MANIFEST, "bom.md", "fleet.svg"])
def test_pipes_in_the_folder(plan: Callable[..., Any], name: str) -> None:
    """They are in the way, and not waited for."""
    os.mkfifo(os.path.join("out", name))
    assert plan("render", "p.plan", "-o", "out").code == 2
    assert plan("render", "p.plan", "-o", "out", "--force").code == 0


def test_the_writer(place: Path) -> None:
    """A link of the name is replaced; the modes are those that are asked for; an error names the file."""
    (place / "victim").write_text("precious")
    link(place / "new", "victim")
    write_whole("new", b"data", 0o600)
    assert (Path("new").is_symlink(), Path("new").read_bytes()) == (False, b"data")
    assert (place / "victim").read_text() == "precious"
    if os.name != "nt":
        assert Path("new").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileNotFoundError) as caught:
        write_whole(os.path.join("none", "new"), b"data")
    assert caught.value.filename == os.path.join("none", "new")
    with pytest.raises(OSError, match="out"):
        write_whole("out", b"data")
    assert sorted(os.listdir()) == ["n.json", "new", "out", "p.plan", "victim"]
