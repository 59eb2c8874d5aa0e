"""`plan render`: what it writes and where, and what it never touches."""

from __future__ import annotations

import hashlib
import json
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planlang.cli import render
from planlang.cli.choices import LEVELS
from planlang.cli.folder import LONGEST_NAME, MANIFEST, file_stems, write_all
from planlang.cli.terminal import Refusal, guarded
from planlang.compiler import compile_text
from planlang.core.graph import Edge, Group, Node, Sheet
from planlang.views import mark
from planlang.views.engine import draw
from planlang.views.render import to_dot, to_picture, to_svg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planlang.compiler import Result
    from planlang.views.plates import Page

MAKERS = render.makers

PLAN = """use nvidia
campus a "Alpha" { at = (41.26, -95.94)
  utility grid { capacity = 8 MW }
  building b { budget = 6 MW; peak_pue = 1.2; deploy d { system = nvidia.gb200_nvl72; count = COUNT } } }
"""


class Done:
    """A run: its exit code, what it wrote to standard output and to standard error."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def rendered(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Render `p.plan` into `out`."""

    def call(path: str = "p.plan", out: str = "out", **options: Any) -> Done:
        capsys.readouterr()
        code = guarded(lambda: render.run(path, out, **options))
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return call


@pytest.fixture(autouse=True)
def small(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan, and two small sheets that stand for the areas' drawings."""
    (place / "p.plan").write_text(PLAN.replace("COUNT", "40"), "utf-8")

    def fleet(plan: object, day: object) -> list[Sheet]:
        node = Node("a", "campus", "Alpha", href="gpu[1].svg")
        group = Group("g", "frame", href="missing.svg")
        return [Sheet("fleet", "Plan", "the fleet", str(day), "", (node,), (), (group,))]

    def campus(plan: object, day: object) -> list[Sheet]:
        nodes = (Node("x", "ups", "x"), Node("y", "ups", "y"))
        return [Sheet("gpu[1]", "Plan", "one", str(day), "", nodes, (Edge("x", "y", "power"),))]

    monkeypatch.setattr(render, "makers", lambda: [("fleet", fleet), ("campus", campus)])
    halls = [one for one in render.plate_makers() if one[1].__name__ == "hall_plates"]
    monkeypatch.setattr(render, "plate_makers", lambda: halls)


def files(folder: str = "out") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir()) if path.is_file()}


ALL = ["bom.csv", "bom.json", "bom.md", "fleet.dot", "fleet.svg", "gpu-1.dot", "gpu-1.svg"]


# --- what is written -----------------------------------------------------------------------------


def test_everything_is_written_and_named(rendered: Callable[..., Done]) -> None:
    """Standard output has a file a line; nothing else is in the folder but the list of what was made."""
    done = rendered()
    assert (done.code, done.out.splitlines(), done.err) == (0, [os.path.join("out", name) for name in ALL], "")
    assert sorted(files()) == [MANIFEST, *ALL]
    listed = dict(reversed(line.split("  ")) for line in files()[MANIFEST].decode().splitlines())
    assert listed == {name: hashlib.sha256(files()[name]).hexdigest() for name in ALL}


def test_links_lead_to_the_files(rendered: Callable[..., Done]) -> None:
    """A link to a sheet goes by its file's name, and one to nothing is left out; the verdict is on the sheet."""
    rendered()
    drawn = files()["fleet.svg"].decode()
    assert 'href="gpu-1.svg"' in drawn
    assert "missing.svg" not in drawn
    assert "holds" in files()["fleet.dot"].decode()


def test_parts_levels_and_dates(rendered: Callable[..., Done]) -> None:
    """What is chosen is made, and what was made before of the same state stays."""
    rendered(at="2027-Q2")
    only = rendered(only=["bom"], at="2027-Q2")
    assert only.out.splitlines() == [os.path.join("out", f"bom.{end}") for end in ("csv", "json", "md")]
    chosen = rendered(only=["diagrams"], level=["campus"], at="2027-Q2")
    assert chosen.out.splitlines() == [os.path.join("out", f"gpu-1.{end}") for end in ("dot", "svg")]
    assert "2027-04-01" in files()["gpu-1.dot"].decode()
    assert sorted(files()) == [MANIFEST, *ALL]
    assert only.err == chosen.err == ""


def removed(*names: str) -> str:
    paths = [os.path.join("out", name) for name in names]
    return "".join(
        f"plan: removed `{path}`: an earlier run drew it, and this one would not draw it so\n" for path in paths
    )


def left(*names: str) -> str:
    shown = ", ".join(f"`{os.path.join('out', name)}`" for name in names)
    return f"plan: of another state of the plan, or changed since, and left as it is: {shown}\n"


def test_sheets_of_another_date_do_not_stay(rendered: Callable[..., Done]) -> None:
    """Beside the new ones they would be taken for the same state: removed, and that is said in logs too."""
    rendered()
    done = rendered(level=["campus"], at="2027-Q2")
    assert done.err == removed("fleet.dot", "fleet.svg")
    assert sorted(files()) == [MANIFEST, *[name for name in ALL if not name.startswith("fleet")]]


def test_sheets_of_another_plan_do_not_stay(rendered: Callable[..., Done], place: Path) -> None:
    """The plan fails by now, as every sheet says; its bill is another, and is named, as only drawings are removed."""
    rendered(png=True)
    (place / "p.plan").write_text(PLAN.replace("COUNT", "400"), "utf-8")
    done = rendered(only=["diagrams"], level=["fleet"])
    assert done.err.splitlines(keepends=True)[:5] == [
        *removed("fleet.png", "gpu-1.dot", "gpu-1.png", "gpu-1.svg").splitlines(keepends=True),
        left("bom.csv", "bom.json", "bom.md"),
    ]
    assert sorted(files()) == [MANIFEST, "bom.csv", "bom.json", "bom.md", "fleet.dot", "fleet.svg"]


def test_the_bill_alone_removes_no_sheets(
    rendered: Callable[..., Done], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sheets of another state are named each time, until they are drawn anew."""
    rendered()
    (place / "p.plan").write_text(PLAN.replace("COUNT", "41"), "utf-8")

    def campus(plan: object, day: object) -> list[Sheet]:
        return [Sheet("gpu[1]", "Plan", "another", str(day), "", (Node("x", "ups", "x"),), ())]

    fleet = render.makers()[0]
    monkeypatch.setattr(render, "makers", lambda: [fleet, ("campus", campus)])
    assert rendered(only=["bom"]).err == left("gpu-1.dot", "gpu-1.svg")
    assert rendered(only=["bom"]).err == left("gpu-1.dot", "gpu-1.svg")
    assert rendered().err == ""
    assert rendered(only=["bom"]).err == ""
    assert sorted(files()) == [MANIFEST, *ALL]


def test_pictures(rendered: Callable[..., Done]) -> None:
    """PNG on request; no longer requested, it is removed."""
    done = rendered(png=True)
    assert os.path.join("out", "fleet.png") in done.out.splitlines()
    assert files()["fleet.png"].startswith(b"\x89PNG")
    assert rendered().err == removed("fleet.png", "gpu-1.png")
    assert sorted(files()) == [MANIFEST, *ALL]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"at": "soon"}, "plan: --at: `soon` is not a date: dates are written `2026-02`, `2026-02-15` or `2027-Q2`\n"),
        ({"only": ["boom"]}, "plan: --only does not know `boom`: it takes diagrams, bom; did you mean `bom`?\n"),
        ({"level": ["rack"]}, "plan: --level does not know `rack`: it takes fleet, campus, building\n"),
        ({"path": "q.plan"}, "plan: there is no `q.plan`; did you mean `p.plan`?\n"),
        ({"templates": "none"}, "plan: there is no folder `none` of templates\n"),
        (
            {"dot": "./none"},
            "plan: `fleet` is not drawn, and nothing is written: ./none is not a Graphviz `dot` that runs (give the "
            "path of the executable)\n",
        ),
        ({"out": "p.plan"}, "plan: `p.plan` is a file, and no folder to write to\n"),
    ],
)
def test_what_cannot_be_done_is_one_line(rendered: Callable[..., Done], options: dict[str, Any], said: str) -> None:
    """Exit code 2, one line, and nothing written."""
    done = rendered(**options)
    assert (done.code, done.out, done.err) == (2, "", said)
    assert not Path("out").exists()


def test_a_plan_that_fails_is_rendered(rendered: Callable[..., Done], place: Path) -> None:
    """It is drawn, says so, and exits 0: whether it holds is for `plan check`."""
    (place / "p.plan").write_text(PLAN.replace("COUNT", "400"), "utf-8")
    done = rendered()
    assert done.code == 0
    assert done.err == "plan: rendered, but the plan fails with 2 errors: `plan check`\n"
    assert "| Verdict | fails, 2 errors" in files()["bom.md"].decode()


def test_a_plan_that_cannot_be_read_is_not_rendered(rendered: Callable[..., Done], place: Path) -> None:
    """Its diagnostics go to standard error, and nothing is written."""
    (place / "p.plan").write_text("campus {", "utf-8")
    done = rendered()
    assert (done.code, done.out) == (2, "")
    assert "p.plan:1:" in done.err
    assert not Path("out").exists()


def test_a_mistake_in_a_template(rendered: Callable[..., Done], place: Path) -> None:
    """File and line, no traceback, nothing written."""
    (place / "mine").mkdir()
    (place / "mine" / "bom.md.j2").write_text("\n{{ oops }}", "utf-8")
    done = rendered(templates="mine")
    assert (done.code, done.err) == (2, f"plan: {os.path.join('mine', 'bom.md.j2')}:2: 'oops' is undefined\n")
    assert not Path("out").exists()


# --- what is not ours ----------------------------------------------------------------------------


def refused(name: str) -> str:
    where = os.path.join("out", name)
    return f"plan: not overwritten, as it was made or changed by someone else: `{where}`; --force overwrites\n"


def test_a_file_of_someone_else_stays(rendered: Callable[..., Done]) -> None:
    """Nothing at all is written then; with --force it is replaced."""
    Path("out").mkdir()
    Path("out", "bom.md").write_text("mine", "utf-8")
    done = rendered()
    assert (done.code, done.out, done.err) == (2, "", refused("bom.md"))
    assert files() == {"bom.md": b"mine"}
    assert rendered(force=True).code == 0
    assert files()["bom.md"] != b"mine"


def test_a_file_of_ours_that_was_edited_stays(rendered: Callable[..., Done], place: Path) -> None:
    """Its digest is no longer the one listed."""
    rendered()
    with Path("out", "fleet.dot").open("a", encoding="utf-8") as stream:
        stream.write("// by hand\n")
    before = files()
    assert rendered().err == refused("fleet.dot")
    assert files() == before


def test_a_file_that_is_the_same_anyway_is_no_obstacle(rendered: Callable[..., Done]) -> None:
    """A checkout without the list of what was made can be rendered again; what is unchanged is not written."""
    rendered()
    Path("out", MANIFEST).unlink()
    times = {name: Path("out", name).stat().st_mtime_ns for name in ALL}
    assert rendered().code == 0
    assert {name: Path("out", name).stat().st_mtime_ns for name in ALL} == times
    assert MANIFEST in files()


def test_a_link_is_not_followed(rendered: Callable[..., Done], place: Path) -> None:
    """A symbolic link in the way is not ours; with --force the link is replaced, and its target stays."""
    Path("out").mkdir()
    (place / "target").write_text("target", "utf-8")
    try:
        Path("out", "bom.md").symlink_to(place / "target")
    except OSError:
        pytest.skip("no symbolic links here")
    assert rendered().err == refused("bom.md")
    assert rendered(force=True).code == 0
    assert (place / "target").read_text("utf-8") == "target"


def test_a_folder_in_the_way(rendered: Callable[..., Done]) -> None:
    """Not even --force replaces a folder."""
    Path("out", "bom.md").mkdir(parents=True)
    assert rendered().err == refused("bom.md")
    assert rendered(force=True).err == f"plan: a folder is in the way: `{os.path.join('out', 'bom.md')}`\n"


DRAWN = b"digraph sheet {}\n// drawn by planlang\n"


def test_what_is_no_longer_made_is_removed() -> None:
    """If it is a drawing, as it was made and with the mark of one; what an edit or another command made stays."""
    made = {"a.dot": DRAWN, "b.dot": DRAWN, "c.dot": b"digraph sheet {}", "topology.json": b"{}"}
    write_all("out", made)
    Path("out", "b.dot").write_bytes(b"edited " + DRAWN)
    Path("out", "other.dot").write_bytes(DRAWN)
    assert write_all("out", {"d": b"3"}, current={}) == (["a.dot"], ["b.dot", "c.dot"])
    assert {name: data for name, data in files().items() if name != MANIFEST} == {
        "b.dot": b"edited " + DRAWN,
        "c.dot": b"digraph sheet {}",
        "d": b"3",
        "other.dot": DRAWN,
        "topology.json": b"{}",
    }


@pytest.mark.parametrize(
    "name", ["notes.txt", "logo.svg", "photo.png", "plan.pdf", "bom.md.bak", "p.plan", ".gitignore"]
)
def test_a_list_of_someone_else_removes_nothing(rendered: Callable[..., Done], name: str) -> None:
    """A list in the folder may name any file of it with its digest: it is no drawing of ours, and stays."""
    Path("out").mkdir()
    Path("out", name).write_bytes(b"precious")
    Path("out", MANIFEST).write_text(f"{hashlib.sha256(b'precious').hexdigest()}  {name}\n", "utf-8")
    for options in ({}, {"only": ["bom"]}, {"level": ["fleet"]}, {"force": True}, {"at": "2027-Q2"}):
        rendered(**options)
        assert files()[name] == b"precious"


def test_names_of_a_list_do_not_steer_the_terminal(rendered: Callable[..., Done]) -> None:
    """Anyone may have written it."""
    name = "a\x1b[31m.svg"
    Path("out").mkdir()
    try:
        Path("out", name).write_bytes(b"precious")
    except OSError:
        pytest.skip("no such names here")
    Path("out", MANIFEST).write_text(f"{hashlib.sha256(b'precious').hexdigest()}  {name}\n", "utf-8")
    assert rendered().err == left("a\\x1b[31m.svg")


@pytest.mark.parametrize("form", ["dot", "svg", "png", "pdf"])
def test_drawings_bear_a_mark(form: str) -> None:
    """Of each form; what reads it passes over the mark."""
    node = Node("a", "campus", "Alpha")
    sheet = Sheet("s", "Plan", "what", "", "", (node,), ())
    if form == "dot":
        drawing = to_dot(sheet).encode()
    elif form == "svg":
        drawing = to_svg(sheet).data
    elif form == "png":
        drawing = to_picture(sheet, "png").data
    else:
        drawing = b"%PDF-1.4\n%%EOF\n"
    marked = mark.marked(drawing, form)
    assert not mark.is_marked(drawing)
    assert mark.is_marked(marked)
    if form == "dot":
        assert draw(marked.decode()).data.endswith(b"</svg>\n")
    elif form == "svg":
        assert ElementTree.fromstring(marked).tag == "{http://www.w3.org/2000/svg}svg"
    elif form == "png":
        assert chunks(marked) == [*chunks(drawing)[:-1], b"tEXt", b"IEND"]
    else:
        assert marked == b"%PDF-1.4\n%%EOF\n%drawn by planlang\n"


def chunks(png: bytes) -> list[bytes]:
    """The kinds of the chunks of a PNG, whose sums are right."""
    found, at = [], 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        kind, rest = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size]) == (zlib.crc32(kind + rest),)
        found.append(kind)
        at += 12 + size
    return found


@pytest.mark.parametrize("name", ["../p.plan", "/etc/passwd", "..", ".planlang", "sub\\x", ""])
def test_a_list_that_reaches_out_is_refused(place: Path, name: str) -> None:
    """A list of what was made names files of its folder alone; whatever else it says, nothing is removed."""
    digest = hashlib.sha256((place / "p.plan").read_bytes()).hexdigest()
    Path("out").mkdir()
    Path("out", MANIFEST).write_text(f"{digest}  {name}\n", "utf-8")
    where = os.path.join("out", MANIFEST)
    with pytest.raises(Refusal) as caught:
        write_all("out", {"a": b"1"})
    assert (
        str(caught.value)
        == f"`{where}` is not as it was made: look at it, then remove it or write it anew with --force"
    )
    write_all("out", {"a": b"1"}, force=True)
    assert (place / "p.plan").exists()
    assert sorted(files()) == [MANIFEST, "a"]


def test_an_interrupted_run_can_be_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever writing stops, the files are whole, nothing is left beside them, and the next run succeeds."""
    old = dict.fromkeys(("a.dot", "b.dot", "c.dot"), b"1" + DRAWN)
    new = dict.fromkeys(("a.dot", "b.dot", "d.dot"), b"2" + DRAWN)
    real, steps = os.replace, iter(range(99))
    for stop in range(5):
        write_all(f"out{stop}", old)
        steps = iter(range(99))

        def failing(source: str, target: str, stop: int = stop, steps: Iterator[int] = steps) -> None:
            if next(steps) == stop:
                raise OSError(28, "No space left on device")
            real(source, target)

        monkeypatch.setattr(os, "replace", failing)
        with pytest.raises(OSError, match="No space"):
            write_all(f"out{stop}", new, current={})
        monkeypatch.setattr(os, "replace", real)
        whole = {b"1" + DRAWN, b"2" + DRAWN}
        assert all(data in whole for name, data in files(f"out{stop}").items() if name != MANIFEST)
        assert write_all(f"out{stop}", new, current={}).left == []
        assert {name: data for name, data in files(f"out{stop}").items() if name != MANIFEST} == new


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "stems"),
    [
        (["gpu[1]", "wisconsin.gpu[2]"], ["gpu-1", "wisconsin.gpu-2"]),
        (["..", "../x", "/etc/passwd", ""], ["sheet", "x", "etc-passwd", "sheet-2"]),
        (["GPU", "gpu", "gpu", "gpu-2"], ["GPU", "gpu-2", "gpu-3", "gpu-2-2"]),
        (["北京", "Straße", "strasse"], ["北京", "Straße", "strasse-2"]),
        (["e\u0301", "\u00e9"], ["é", "é-2"]),
        (["con", "NUL.x", "com1"], ["con-", "NUL.x-", "com1-"]),
        (["a:b*c?", "a\x00b", "-rf", "~"], ["a-b-c", "a-b", "rf", "sheet"]),
    ],
)
def test_names_of_files(names: list[str], stems: list[str]) -> None:
    """A path becomes a name that any file system takes; clashes get a number."""
    assert file_stems(names) == stems


@given(st.lists(st.text(max_size=300), max_size=8))
def test_any_names_of_files(names: list[str]) -> None:
    """Whatever the names: as many stems, all different without case, short, and within the folder."""
    stems = file_stems(names)
    assert len({stem.casefold() for stem in stems}) == len(names)
    for stem in stems:
        assert len(stem.encode("utf-8", "replace")) <= LONGEST_NAME + 4
        assert not set(stem) & set('/\\:*?"<>|\0\n')
        assert stem.strip(". ") == stem != ""


# --- determinism ---------------------------------------------------------------------------------


def test_the_same_plan_gives_the_same_files(place: Path) -> None:
    """With the areas' own drawings, whatever the order of hashes."""
    root = Path(__file__).resolve().parents[2]
    made = []
    for seed in ("0", "1"):
        subprocess.run(
            [sys.executable, "-c", "import sys; from planlang.cli import render; render.run(*sys.argv[1:])",
             str(root / "examples" / "fairwater"), f"out{seed}"],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True,
        )  # fmt: skip
        made.append(files(f"out{seed}"))
    assert made[0] == made[1]
    assert "bom.md" in made[0]


# --- sheets that are no graphs --------------------------------------------------------------------


HALL = PLAN.replace("building b { ", "building b { positions = 50; ").replace(
    "COUNT", "[20 from 2026-01, 40 from 2027-01]"
)


def test_a_hall_is_drawn_and_is_data(rendered: Callable[..., Done], place: Path) -> None:
    """Its sheet stands beside the graphs, marked as ours, with the verdict; what stands on it is JSON."""
    (place / "p.plan").write_text(HALL, "utf-8")
    done = rendered()
    assert sorted(files()) == sorted([MANIFEST, *ALL, "hall-a.b.json", "hall-a.b.svg"])
    assert mark.is_marked(files()["hall-a.b.svg"])
    found = json.loads(files()["hall-a.b.json"])
    assert (found["date"], found["verdict"].partition(",")[0]) == ("2027-01", "holds")
    assert [(one["of"], one["boxes"], one["positions"]) for one in found["racks"]] == [("a.b.d", 40, 40)]
    assert done.err == ""


def test_a_hall_of_another_date_is_drawn_anew(rendered: Callable[..., Done], place: Path) -> None:
    """At another date it is another sheet; beside other levels, one of the same date stays, and one of another goes."""
    (place / "p.plan").write_text(HALL, "utf-8")
    rendered(at="2026-06")
    assert json.loads(files()["hall-a.b.json"])["racks"][0]["boxes"] == 20
    stays = rendered(only=["diagrams"], level=["campus"], at="2026-06")
    assert "hall-a.b.svg" in files()
    assert stays.err == ""
    goes = rendered(only=["diagrams"], level=["campus"])
    assert removed("hall-a.b.svg") in goes.err
    assert left("hall-a.b.json") in goes.err


def test_no_picture_of_a_hall(rendered: Callable[..., Done], place: Path) -> None:
    """What no engine draws has no PNG, and that is said once."""
    (place / "p.plan").write_text(HALL, "utf-8")
    done = rendered(png=True)
    assert "hall-a.b.png" not in files()
    assert done.err == "plan: no PNG of `hall-a.b.svg`: no engine draws it, but any browser prints it\n"


def test_a_building_leads_to_its_hall(place: Path) -> None:
    """The IT load of a one-line is a link to the sheet of its hall, of equals to the one that is drawn."""
    text = HALL.replace("building b {", "building b[1..2] {").replace(
        "grid { capacity = 8 MW }", "grid { capacity = 16 MW }"
    )
    result = compile_text(text)
    halls = render.plates(result, None, LEVELS)
    (campus,) = [sheet for sheet in real_sheets(result, halls) if sheet.name == "campus-a"]
    assert [plate.name for _, plate in halls] == ["hall-a.b-1"]
    assert [node.href for node in campus.nodes if node.kind == "IT load"] == ["hall-a.b-1.svg"]
    (alone,) = [sheet for sheet in real_sheets(result, []) if sheet.name == "campus-a"]
    assert [node.href for node in alone.nodes if node.kind == "IT load"] == [""]


def real_sheets(result: Result, halls: list[tuple[str, Page]]) -> list[Sheet]:
    """The sheets that the areas draw."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "makers", MAKERS)
        return [sheet for _, sheet in render.sheets(result, None, LEVELS, halls)]
