"""Engines: which one draws, and what happens when none can."""

from __future__ import annotations

import importlib.metadata
import os
import stat
import sys

import drawn_sheets as sheets
import pytest

from planlang.views import engine, render

SOURCE = "digraph { a -> b }"
unix = pytest.mark.skipif(sys.platform == "win32", reason="stands in with shell scripts")


def script(folder: object, body: str) -> str:
    """An executable that stands in for `dot`."""
    path = os.path.join(str(folder), "dot")
    with open(path, "w", encoding="utf-8") as file:
        file.write('#!/bin/sh\nif [ "$1" = -V ]; then echo "dot - graphviz version 9.8.7 (0)" >&2; exit 0; fi\n')
        file.write(f"{body}\n")
    os.chmod(path, stat.S_IRWXU)
    return path


def test_embedded_engine_draws_and_is_named() -> None:
    drawn = engine.draw(SOURCE)
    assert drawn.data.rstrip().endswith(b"</svg>")
    assert drawn.engine == f"graphviz-pure {importlib.metadata.version('graphviz-pure')}"


def test_embedded_engine_does_not_need_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert engine.draw(SOURCE, "png").data.startswith(b"\x89PNG")


@unix
def test_chosen_engine_is_named_with_its_path(tmp_path: object) -> None:
    path = script(tmp_path, "cat >/dev/null; echo '<svg></svg>'")
    assert engine.draw(SOURCE, dot=path) == engine.Drawn(b"<svg></svg>\n", f"dot 9.8.7 ({path})")


@unix
def test_output_counts_not_the_exit_code(tmp_path: object) -> None:
    path = script(tmp_path, "cat >/dev/null; echo '<svg></svg>'; exit 1")
    assert engine.draw(SOURCE, dot=path).data == b"<svg></svg>\n"


@unix
def test_half_a_drawing_is_an_error(tmp_path: object) -> None:
    path = script(tmp_path, "cat >/dev/null; echo '<svg>'; echo 'Error: lost the thread' >&2; exit 1")
    with pytest.raises(engine.DrawingError) as caught:
        engine.draw(SOURCE, dot=path)
    assert caught.value.message == f"dot 9.8.7 ({path}) drew nothing: Error: lost the thread"
    assert caught.value.hint == "try another with --dot; the DOT text is complete"


@unix
def test_time_limit(tmp_path: object) -> None:
    path = script(tmp_path, "exec sleep 20")
    with pytest.raises(engine.DrawingError) as caught:
        engine.draw(SOURCE, dot=path, seconds=0.2)
    assert caught.value.message == f"dot 9.8.7 ({path}) took longer than 0.2 seconds"
    assert caught.value.hint == "draw a lower level, or fold more: --level"


def test_what_does_not_run() -> None:
    with pytest.raises(engine.DrawingError) as caught:
        engine.draw(SOURCE, dot="/no/such/dot")
    assert caught.value.message == "/no/such/dot is not a Graphviz `dot` that runs"
    assert caught.value.hint == "give the path of the executable"


def test_pdf_without_a_system_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(engine.DrawingError) as caught:
        engine.draw(SOURCE, "pdf")
    assert caught.value.message == "PDF needs Graphviz, which is not on PATH"
    assert caught.value.hint == "install Graphviz, which brings `dot`, or name one with --dot"
    with pytest.raises(engine.DrawingError, match=r"^graphviz-pure does not write PDF$"):
        engine.draw(SOURCE, "pdf", dot="embedded")


def test_neither_embedded_nor_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PACKAGE", "no-such-package")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(engine.DrawingError) as caught:
        engine.draw(SOURCE)
    assert caught.value.message == "no Graphviz found to draw with"


def test_finished_svg_is_ready_for_a_page() -> None:
    """Titles are tooltips, links stay, paper is white, size gives way to the page."""
    drawing = render.to_svg(sheets.one_line()).data
    root = sheets.part(drawing, "east-power")
    assert root.get("class") == "graph sheet"
    box = sheets.part(drawing, "east.gpu.ups")
    title = box.find(f"{sheets.SVG}title")
    assert title is not None
    assert title.text == "UPS  112 × 2.5 MW  N+1 ups\n275 of 277.5 MW 99%\n112 blocks sized"
    link = box.find(f".//{sheets.SVG}a")
    assert link is not None
    assert link.get("{http://www.w3.org/1999/xlink}href") == "ups.svg"
    text = drawing.decode()
    assert 'style="max-width:100%;height:auto"' in text
    assert "<title>Fairwater power one-line 2026-10 fails, 1 error</title>" in text
    assert 'fill="#ffffff"' in text


def test_picture() -> None:
    assert render.to_picture(sheets.network(), "png", dpi=72).data.startswith(b"\x89PNG")
