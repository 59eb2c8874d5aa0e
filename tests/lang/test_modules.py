"""Files, folders and modules: what `use` reads, and what a project is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from dump import place

from planlang.compiler import compile_path
from planlang.lang.project import CannotRead
from planlang.lang.text import show

if TYPE_CHECKING:
    from pathlib import Path

    from planlang.compiler import Result

PARTS = "template building t { let n = 3; load = n * 1 MW; peak_pue = 1.3 }\n"


def project(folder: Path, **files: str) -> Result:
    """Write files (`a__b` is `a/b.plan`) and compile the folder."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.plan"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return compile_path(str(folder))


def said(result: Result) -> list[str]:
    return [f"{place(finding.span)} {finding.code.code} {finding.message}" for finding in result.findings]


def load(result: Result, path: str) -> str:
    entity = result.situation.at(path)
    assert entity is not None
    return show(entity.written["load"])


def test_files_of_a_folder_are_one_plan(tmp_path: Path) -> None:
    """One top level for all of them, in whatever order; folders inside are not read."""
    result = project(
        tmp_path,
        b="let x = 2 MW\ncampus c { building b is t }",
        a="template building t { load = x; peak_pue = 1.3 }",
        old__c="campus c { nonsense",
    )
    assert said(result) == []
    assert load(result, "c.b") == "2 MW"


def test_a_name_twice_in_two_files(tmp_path: Path) -> None:
    """Names identify things across the files of a project; the first file by name has it."""
    result = project(tmp_path, a="campus c { }", b="let y = 1\ncampus c { }")
    assert said(result) == ["b.plan:2:1 NAM102 `c` is written twice in this body"]
    assert result.findings[0].notes == ("it is written first in a.plan, line 1",)


def test_a_file_that_is_used_is_only_a_module(tmp_path: Path) -> None:
    """Its names come qualified, by its stem or `as`; it is no part of the plan, though it lies in the folder."""
    result = project(
        tmp_path,
        main='use "parts.plan"\nuse "more/parts.plan" as p\nbuilding a is parts.t\nbuilding b is p.t { let n = 5 }',
        parts=PARTS,
        more__parts=PARTS.replace("3", "4"),
    )
    assert said(result) == []
    assert (load(result, "a"), load(result, "b")) == ("3 MW", "5 MW")
    assert [source.name for source in result.plan.sources] == ["main.plan", "more/parts.plan", "parts.plan"]


def test_names_of_a_module_are_not_those_of_the_plan(tmp_path: Path) -> None:
    """Without the qualifier they are unknown, and each file has the modules that it says it uses."""
    result = project(tmp_path, a='use "m/parts.plan"\nbuilding a is t', b="building b is parts.t", m__parts=PARTS)
    assert said(result) == [
        "a.plan:2:15 TPL101 there is no template or block `t` to start from",
        "b.plan:1:15 TPL101 there is no template or block `parts` to start from",
    ]


def test_templates_bring_the_modules_of_their_own_file(tmp_path: Path) -> None:
    """A template's text means what its own file uses, wherever it is built."""
    result = project(
        tmp_path,
        main='use "m/parts.plan"\nbuilding a is parts.t',
        m__parts='use nvidia\nuse "units.plan" as u\n'
        "template building t { load = u.size; peak_pue = 1.3; deploy d { system = nvidia.gb200_nvl72; count = 1 } }\n",
        m__units="let size = 7 MW",
    )
    assert said(result) == []
    assert load(result, "a") == "7 MW"


def test_modules_that_use_one_another(tmp_path: Path) -> None:
    """A circle of `use` is none: names are looked up, not copied."""
    result = project(
        tmp_path,
        main='use "m/a.plan"\nbuilding x is a.t',
        m__a='use "b.plan"\nlet k = 2\ntemplate building t { load = b.size; peak_pue = 1.3 }',
        m__b='use "a.plan"\nlet size = a.k * 1 MW',
    )
    assert said(result) == []
    assert load(result, "x") == "2 MW"


def test_files_that_use_one_another(tmp_path: Path) -> None:
    """Where every file is a module of another, the folder is a plan all the same."""
    result = project(
        tmp_path, a='use "b.plan"\nlet x = 1 MW', b='use "a.plan"\ncampus c { load = a.x; peak_pue = 1.3 }'
    )
    assert [finding.split()[1] for finding in said(result)] == ["USE104"]


def test_a_module_builds_nothing(tmp_path: Path) -> None:
    """A campus or a rule in it is an error that says so; a definition is none."""
    result = project(
        tmp_path,
        main='use "m/parts.plan"\nbuilding b { load = 1 MW; peak_pue = 1.3 }',
        m__parts="campus c { }\nsystem s { power = 3 kW }\nrequire 1 < 2\nmeasure x = 1\nmaximize 1\n"
        'accept PWR103 "we know"\ntemplate campus t { measure y = 1; accept PWR103 "we know" }\n',
    )
    assert said(result) == [
        "m/parts.plan:1:1 USE104 `c` is a campus in a module, which only defines: it is not built",
        "m/parts.plan:3:1 USE104 a rule in a module binds nothing: it stands inside a block, or in a file of the plan",
        "m/parts.plan:4:1 USE104 `measure` in a module means nothing: it stands in a block, or in a file of the plan",
        "m/parts.plan:5:1 USE104 `maximize` in a module means nothing: it stands in a file of the plan",
        "m/parts.plan:6:1 USE104 `accept` in a module means nothing: it stands in a block, or in a file of the plan",
    ]
    assert result.findings[0].notes == ("write `template campus c`, or move it to a file of the plan",)


def test_mistakes_in_a_module_have_its_place(tmp_path: Path) -> None:
    """Those of its definitions are found though nobody refers to them."""
    result = project(
        tmp_path,
        main='use "m/parts.plan"\nbuilding b { load = 1 MW; peak_pue = 1.3 }',
        m__parts="system s { power = 3 km }",
    )
    assert said(result) == [
        "m/parts.plan:1:20 KND103 `power` is a length (3 km) where a power is due, as in `132 kW`",
    ]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("../out.plan", "USE103 `../out.plan` lies outside the project's folder"),
        ("/etc/passwd.plan", "USE103 `/etc/passwd.plan` lies outside the project's folder"),
        ("m/../../out.plan", "USE103 `m/../../out.plan` lies outside the project's folder"),
        ("link.plan", "USE103 `link.plan` lies outside the project's folder"),
        ("m/part.plan", "USE102 there is no file `m/part.plan` in the project"),
        ("m/parts", "USE102 `m/parts` is no `.plan` file"),
        ("m\\\\parts.plan", "USE102 folders are parted by `/`"),
        ("m", "USE102 `m` is no `.plan` file"),
        ("", "USE102 `` is no `.plan` file"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, target: str, message: str) -> None:
    """Outside the folder, by name or by a symbolic link; missing; no plan."""
    inside = tmp_path / "in"
    inside.mkdir()
    (tmp_path / "out.plan").write_text(PARTS)
    os.symlink(tmp_path / "out.plan", inside / "link.plan")
    (inside / "m").mkdir()
    (inside / "m" / "parts.plan").write_text(PARTS)
    (inside / "main.plan").write_text(f'use "{target}"\nbuilding b {{ load = 1 MW; peak_pue = 1.3 }}')
    result = compile_path(str(inside / "main.plan"))
    assert said(result) == [f"main.plan:1:5 {message}"]


def test_a_near_file_is_named(tmp_path: Path) -> None:
    """Of the folder that is meant."""
    result = project(tmp_path, main='use "m/coolng.plan"', m__cooling=PARTS)
    assert result.findings[0].notes == ("did you mean `m/cooling.plan`?",)


def test_a_file_alone(tmp_path: Path) -> None:
    """A file is a project of its own, whatever else lies in its folder."""
    project(tmp_path, a="campus c { load = 1 MW; peak_pue = 1.3 }", b="campus c { nonsense")
    assert compile_path(str(tmp_path / "a.plan")).verdict == "holds"


def test_what_is_no_project(tmp_path: Path) -> None:
    """Nothing there, an empty folder: one sentence, with the nearest name."""
    (tmp_path / "plans").mkdir()
    with pytest.raises(CannotRead, match=r"there is no `.plan` file in `.*plans`"):
        compile_path(str(tmp_path / "plans"))
    with pytest.raises(CannotRead, match=r"there is no `.*plan`; did you mean `.*plans`\?"):
        compile_path(str(tmp_path / "plan"))


def test_what_is_no_text(tmp_path: Path) -> None:
    """A file that is not UTF-8; a byte order mark is no mistake."""
    (tmp_path / "a.plan").write_bytes(b"\xef\xbb\xbfcampus c { load = 1 MW; peak_pue = 1.3 }")
    assert compile_path(str(tmp_path)).verdict == "holds"
    (tmp_path / "a.plan").write_bytes(b"campus c { }\n\xff")
    result = compile_path(str(tmp_path))
    assert [finding.message for finding in result.findings] == [
        "`a.plan` is not UTF-8 text: byte 14 belongs to no character"
    ]
    assert result.verdict == "unreadable"
