"""Templates of a user's own: what they may do, and what becomes of those that nobody should trust."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from planlang.compiler import compile_path
from planlang.views import bom, confined, templating

ROOT = Path(__file__).resolve().parents[2]


def filled(tmp_path: Path, text: str) -> str:
    (tmp_path / "bom.md.j2").write_text(text, "utf-8")
    return templating.fill("bom.md.j2", {"plan": {"title": "T"}, "lines": [1, 2]}, str(tmp_path))


def refused(tmp_path: Path, text: str | None = None) -> str:
    """Why a template is refused, without its folder."""
    if text is not None:
        (tmp_path / "bom.md.j2").write_text(text, "utf-8")
    with pytest.raises(templating.FillingError) as caught:
        templating.fill("bom.md.j2", {"plan": {"title": "T"}, "lines": [1, 2]}, str(tmp_path))
    return str(caught.value).replace(f"{tmp_path}{os.sep}", "")


def link(path: Path, target: Path | str) -> None:
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("no symbolic links here")


def test_a_template_of_ones_own(tmp_path: Path) -> None:
    """A template of the same name replaces the built-in one, and may include files beside it and below."""
    (tmp_path / "part.j2").write_text("part", "utf-8")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "é.j2").write_text("é", "utf-8")
    text = "{{ plan.title | md }}, {% include 'part.j2' %}, {% include 'more/é.j2' %}{{ none }}\n"
    assert filled(tmp_path, text) == "T, part, é–\n"


@pytest.mark.parametrize("example", ["quickstart.plan", "fairwater"])
def test_it_is_given_the_whole_bill(tmp_path: Path, example: str) -> None:
    """The built-in template makes the same in a process of its own as in this one."""
    result = compile_path(str(ROOT / "examples" / example))
    lines = bom.bill(result.situation)
    shutil.copy(os.path.join(templating.builtin_folder(), "bom.md.j2"), tmp_path)
    assert bom.to_markdown(result, lines, "p", str(tmp_path)) == bom.to_markdown(result, lines, "p")


def test_any_text_reaches_it(tmp_path: Path) -> None:
    """Halves of characters too."""
    (tmp_path / "bom.md.j2").write_text("{{ t }}", "utf-8")
    assert (
        templating.fill("bom.md.j2", {"t": "\ud800 \0 ä \U0001f600\r\n"}, str(tmp_path)) == "\ud800 \0 ä \U0001f600\r\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\nb {{ plan.titel }}", "bom.md.j2:2: 'dict object' has no attribute 'titel'"),
        ("{{ nothing }}", "bom.md.j2:1: 'nothing' is undefined"),
        ("\n\n{% for x in %}", "bom.md.j2:3: Expected an expression, got 'end of statement block'"),
        ("{% if x %}", "bom.md.j2:1: Unexpected end of template. Jinja was looking for the following tags: 'elif' or "
         "'else' or 'endif'. The innermost block that needs to be closed is 'if'"),
        ("{{ 1 / 0 }}", "bom.md.j2:1: ZeroDivisionError: division by zero"),
        ("{{ lines }}", "bom.md.j2:1: TypeError: a list cannot be written; loop over it, or `join` it"),
        ("{{ table }}", "bom.md.j2:1: TypeError: a function cannot be written; loop over it, or `join` it"),
        ("{{ ''.__class__ }}", "bom.md.j2:1: access to attribute '__class__' of 'str' object is unsafe"),
        ("{{ ''['__class__'] }}", "bom.md.j2:1: access to attribute '__class__' of 'str' object is unsafe"),
        ("{{ plan.__class__.__mro__ }}", "bom.md.j2:1: access to attribute '__class__' of 'dict' object is unsafe"),
        ("{{ table.__globals__ }}", "bom.md.j2:1: access to attribute '__globals__' of 'function' object is unsafe"),
        ("{{ '{0.__class__}'.format(1) }}", "bom.md.j2:1: access to attribute '__class__' of 'int' object is unsafe"),
        ("{{ lines.append(1) }}", "bom.md.j2:1: access to attribute 'append' of 'list' object is unsafe"),
        ("{{ 'a' | center(9999999999) }}", "bom.md.j2:1: No filter named 'center'"),
        ("{% include 'bom.md.j2' %}", "bom.md.j2:1: it calls or includes itself too deep"),
        ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "bom.md.j2: it calls or includes itself too deep"),
        ("{% for a in x %}" * 60 + "{% endfor %}" * 60, "bom.md.j2: too many statically nested blocks"),
        ("{% include '../../etc/passwd' %}", "bom.md.j2:1: there is no template `../../etc/passwd`"),
        ("{% include '/etc/passwd' %}", "bom.md.j2:1: there is no template `/etc/passwd`"),
        ("{% for i in range(99) %}{{ 'a' * 4000000 }}{% endfor %}",
         "bom.md.j2: it writes more than 67,108,864 characters"),
    ],
)  # fmt: skip
def test_mistakes_and_escapes(tmp_path: Path, text: str, said: str) -> None:
    """They end in one line with file and line."""
    assert refused(tmp_path, text) == said


# --- bounds --------------------------------------------------------------------------------------

LISTS = "{% set a = [1] %}{% set b = [1] %}\n" + "{% set a = [a, a] %}{% set b = [b, b] %}" * 40 + "\n"
TUPLE = "{% set a = (1,) %}\n" + "{% set a = (a, a) %}" * 40 + "\n"
LONG = {
    "comparison": (LISTS + "{{ a == b }}", 3),
    "membership": (LISTS + "{{ a in [b] }}", 3),
    "sorting": (LISTS + "{{ [a, b] | sort | length }}", 3),
    "hashing": (TUPLE + "{{ {a: 1} | length }}", 3),
    "a set of them": (TUPLE + "{{ [a] | unique | list | length }}", 3),
    "an error about them": (TUPLE + "{{ {}[a] }}", 3),
    "rounding": ("\n{{ 1.5 | round(10 ** 9, 'ceil') }}", 2),
    "powers": ("\n\n{{ 9 ** (9 ** 10) % 7 }}", 3),
    "loops": ("{% for i in range(10 ** 9) %}\n{% for j in range(10 ** 9) %}{% endfor %}{% endfor %}", 2),
    "macros": ("{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}", 1),
}
LARGE = {
    "repetition": ("\n{{ 'a' * 9999999999 }}", 2),
    "formatting": ("\n{{ '%9999999999d' % 1 }}", 2),
    "formatting anew": ("\n{{ '{:>9999999999}'.format(1) }}", 2),
    "replacing": ("\n{{ ('a' * 1000000).replace('a', 'b' * 1000000) }}", 2),
    "joining": ("{% set a = ['x' * 1000000] * 100000 %}\n{{ a | join }}", 2),
    "a range as a list": ("{{ range(10 ** 10) | list | length }}", 1),
    "sums of lists": ("{% set a = [1] * 1000000 %}\n{{ ([a] * 10000) | sum(start=[]) | length }}", 2),
    "a block that is kept": ("{% set a %}xxxxxxxxxx{% endset %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 40, 1),
    "a block that is filtered": ("{% filter upper %}{% for i in range(10 ** 9) %}\n{{ 'x' * 9999 }}{% endfor %}"
     "{% endfilter %}", None),
}  # fmt: skip


@pytest.mark.parametrize("name", LONG)
def test_what_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """It is ended, whatever Python is at within, and the line is told."""
    monkeypatch.setattr(templating, "MOST_SECONDS", 2.0)
    text, line = LONG[name]
    said = refused(tmp_path, text)  # a busy machine may not say where
    assert said in (f"bom.md.j2:{line}: it takes more than 2 seconds", "bom.md.j2: it takes more than 2 seconds")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is looked at from outside, and may be past it")
@pytest.mark.parametrize("name", LARGE)
def test_what_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """It gets no more memory than it may have, and the line is told."""
    monkeypatch.setattr(templating, "MOST_MEGABYTES", 256)
    text, line = LARGE[name]
    said = refused(tmp_path, text)
    assert said.endswith(": it takes more than 256 MB of memory")
    assert line is None or said.startswith(f"bom.md.j2:{line}:")


def test_what_does_not_end_in_an_included_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is that of the file it stands in."""
    monkeypatch.setattr(templating, "MOST_SECONDS", 2.0)
    (tmp_path / "é part.j2").write_text("\n\n\n{{ 1.5 | round(10 ** 9, 'ceil') }}", "utf-8")
    assert refused(tmp_path, "\n{% include 'é part.j2' %}") == "é part.j2:4: it takes more than 2 seconds"


def test_memory_looked_at_from_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system does not bound it, a process that is told to take too much is ended."""
    monkeypatch.setattr(confined, "_teller", lambda pid: [sys.executable, "-c", "print(2_000_000)"])
    said = refused(tmp_path, "{% for i in range(10 ** 12) %}{% endfor %}")
    assert said.endswith(": it takes more than 1,024 MB of memory")
    monkeypatch.setattr(confined, "_teller", lambda pid: ["no such command"])
    assert refused(tmp_path, "{% for i in range(10 ** 12) %}{% endfor %}").endswith("MB of memory")


@pytest.mark.parametrize(
    ("printed", "megabytes"),
    [
        ("  20480\n", 20),
        ('\n"python.exe","1234","Console","1","20,480 K"\n', 20),
        ('"python.exe","1234","Console","1","20.480 K"\n', 20),
        ("INFO: No tasks are running which match the specified criteria.\n", None),
        ("", None),
    ],
)
def test_what_systems_tell_of_memory(monkeypatch: pytest.MonkeyPatch, printed: str, megabytes: int | None) -> None:
    """In kilobytes, alone or as the last cell of a line; nothing of a process that has ended."""
    monkeypatch.setattr(confined, "_teller", lambda pid: [sys.executable, "-c", f"print({printed!r}, end='')"])
    assert confined._megabytes(1) == megabytes


@pytest.mark.skipif(shutil.which("ps") is None, reason="there is no ps here")
def test_ps_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command that is asked on macOS, asked of this process."""
    monkeypatch.setattr(confined, "_teller", lambda pid: ["ps", "-o", "rss=", "-p", str(pid)])
    found = confined._megabytes(os.getpid())
    assert found is not None
    assert 5 < found < 5_000


def test_the_process_has_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its environment is empty, but for what Python needs to start; modules do not come from the folder one is in."""
    monkeypatch.setenv("TOKEN", "hunter2")
    (tmp_path / "jinja2.py").write_text("raise SystemExit('not this one')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), *sys.path])
    assert filled(tmp_path, "{{ plan.title }}") == "T"
    monkeypatch.setattr(confined, "_BOOT", "import os, sys; sys.stdout.write(' '.join(['names:', *os.environ]))")
    names = confined.run("", None, confined.Bounds(20, 1024)).split()
    assert set(names) - {"LC_CTYPE", *confined._NEEDED} == {"names:"}


# --- what it may read ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["part.j2", "bom.md.j2"])
def test_links_out_of_the_folder(tmp_path: Path, name: str) -> None:
    """They are refused, to a file, by way of a folder, and in place of the template itself."""
    (tmp_path / "secret.env").write_text("hunter2")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "bom.md.j2").write_text("{% include 'part.j2' %}")
    (folder / name).unlink(missing_ok=True)
    link(folder / name, "../secret.env")
    assert refused(folder).endswith(f"`{name}` lies outside the folder of templates")
    if name == "part.j2":
        (folder / name).unlink()
        link(folder / "more", "..")
        said = refused(folder, "{% include 'more/secret.env' %}")
        where = os.path.join("more", "secret.env")
        assert said == f"bom.md.j2:1: `{where}` lies outside the folder of templates"


def test_links_within_the_folder(tmp_path: Path) -> None:
    """They are followed, and so is one that is named on the command line."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "other.j2").write_text("other {{ plan.title }}")
    link(folder / "part.j2", "other.j2")
    (folder / "bom.md.j2").write_text("{% include 'part.j2' %}")
    link(tmp_path / "current", "in")
    assert templating.fill("bom.md.j2", {"plan": {"title": "T"}}, str(tmp_path / "current")) == "other T"


@pytest.mark.parametrize("name", ["part.j2", "bom.md.j2"])
def test_what_is_no_file(tmp_path: Path, name: str) -> None:
    """A pipe, a folder, a link to nothing and a file without end are told, and not waited for."""
    (tmp_path / "bom.md.j2").write_text("{% include 'part.j2' %}")
    path = tmp_path / name
    path.unlink(missing_ok=True)
    path.mkdir()
    assert refused(tmp_path).endswith(f"cannot read `{name}`: it is a folder, and no file")
    path.rmdir()
    with path.open("wb") as stream:
        stream.truncate(templating.MOST_TEMPLATE + 1)
    assert refused(tmp_path).endswith(": it is larger than 4 MB")
    path.unlink()
    link(path, "nothing")
    assert refused(tmp_path).endswith(": it is a symbolic link that leads nowhere")
    path.unlink()
    if hasattr(os, "mkfifo"):
        os.mkfifo(path)
        assert refused(tmp_path).endswith(": it is a named pipe, and no file")


def test_a_template_that_is_not_text(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are refused."""
    (tmp_path / "bom.md.j2").write_bytes(b"\xff\xfe")
    assert refused(tmp_path) == "bom.md.j2: `bom.md.j2` is not UTF-8 text"


def test_a_folder_without_templates(tmp_path: Path) -> None:
    """A folder that replaces nothing, or is not there, is a mistake and says so."""
    with pytest.raises(templating.FillingError, match=r"^there is no folder `.*none` of templates$"):
        templating.fill("bom.md.j2", {}, str(tmp_path / "none"))
    with pytest.raises(templating.FillingError, match=r"^no template in `.*` replaces one of ours: .*bom\.md\.j2"):
        templating.fill("bom.md.j2", {}, str(tmp_path))


def test_a_process_that_dies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever ends it is told, and nothing is taken for an answer."""
    monkeypatch.setattr(confined, "_BOOT", "import os; os._exit(3)")
    assert refused(tmp_path, "x") == "bom.md.j2: its process ended with 3"


def test_no_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where none can be started, that is told."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    said = "bom.md.j2: no process of its own can be started: No such file or directory"
    assert refused(tmp_path, "x") == said


def test_an_interruption_ends_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Ctrl-C leaves no process behind."""
    seen: list[subprocess.Popen[bytes]] = []

    def followed(process: subprocess.Popen[bytes], *_: object) -> None:
        seen.append(process)
        raise KeyboardInterrupt

    monkeypatch.setattr(confined, "_followed", followed)
    with pytest.raises(KeyboardInterrupt):
        filled(tmp_path, "x")
    assert seen[0].poll() is not None
