"""No input makes a traceback."""

from __future__ import annotations

import io
import os
import tempfile
from contextlib import redirect_stderr, redirect_stdout

from hypothesis import given, settings
from hypothesis import strategies as st

from planlang.cli.main import main

WORDS = (
    *("campus", "building", "plan", "require", "a", "b", "[1..3]", "{", "}", "=", "?", "3 MW", "2026-02", '"', "is"),
    *("template", "use", "nvidia", "\n", ";", ".", "(", "]", "-", "1e999", "gpu", "from", "\ufeff", "\0", "\r", "π"),
)
TEXTS = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join).map(str.encode)


def _main(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    return code, out.getvalue(), err.getvalue()


@settings(max_examples=80, deadline=None)
@given(st.one_of(st.binary(max_size=200), TEXTS))
def test_any_file(content: bytes) -> None:
    """Any bytes are a plan that holds, fails or cannot be read, and no internal error; the cache says the same."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = os.path.join(folder, "cache")
        path = os.path.join(folder, "a.plan")
        with open(path, "wb") as stream:
            stream.write(content)
        first = _main("check", path)
        assert first[0] in (0, 1, 2)
        assert first[2] == ""
        assert not set(first[1]) & {"\x1b", "\0", "\r", "\x9b"}
        assert _main("check", path) == first
        code, _, err = _main("fmt", path)
        assert code == (0 if not err else 2)
        assert "mistake of plan fmt" not in err
        with open(path, "rb") as stream:
            assert code == 0 or stream.read() == content
        assert _main("fmt", "--check", path)[:2] == (code, "")


@settings(max_examples=80, deadline=None)
@given(st.one_of(st.text(max_size=60), TEXTS.map(bytes.decode)))
def test_any_expression(expression: str) -> None:
    """Any expression has a value, or a mistake at its place."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.plan")
        with open(path, "w", encoding="utf-8") as stream:
            stream.write("use nvidia\nplan p { }\nregion a { }\ncampus b { building gpu[1..2] { load = 3 MW } }\n")
        code, out, err = _main("show", path, "--", expression)
        assert code in (0, 2)
        assert "internal error" not in err
        assert not set(out + err) & {"\x1b", "\0", "\r", "\x9b"}
