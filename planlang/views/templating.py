"""Templates of Markdown. Built-in ones are filled in this process. A user's own are not trusted: they are filled in a
sandbox and in a separate process, which is stopped where it takes too much time or memory."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NoReturn

from jinja2 import (
    BaseLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    Undefined,
    pass_eval_context,
)
from jinja2.loaders import split_template_path
from jinja2.sandbox import ImmutableSandboxedEnvironment

from planlang.lang.reading import OutsideError, ReadingError, read_plain, read_within
from planlang.views import markdown
from planlang.views.confined import Bounds, ConfinedError, free_memory, run, too_large

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Note = Callable[[Any], None]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MOST_SECONDS = 20.0
MOST_MEGABYTES = 1024
"""The time and memory that the filling of a user's own template may take."""

MOST_CHARACTERS = 64 * 1024 * 1024
"""The most characters that a template may write."""

MOST_TEMPLATE = 4 * 1024 * 1024
"""The most bytes of a template."""

FILTERS = _words(
    "abs count d default dictsort first float groupby int items last length list map max min reject rejectattr "
    "reverse round select selectattr sort sum unique"
)
"""Filters of Jinja that Markdown has a use for: none for HTML, and none whose result differs from run to run."""

TEXT_FILTERS = _words("capitalize lower title trim upper")
"""The same, for filters that take a text."""


class FillingError(Exception):
    """A template that cannot be filled: `bom.md.j2:12: what is wrong`."""


class _Loader(BaseLoader):
    """Templates of a user's folder, which they must not leave; where it has none, the built-in ones.

    In compiled code and errors a template has a number for a name: `shown` gives its file.
    """

    def __init__(self, own: str | None) -> None:
        self.own = own
        self.shown: dict[str, str] = {}

    def get_source(self, environment: Any, template: str) -> tuple[str, str, None]:
        """The text of a template, and its number."""
        inner = os.path.join(*split_template_path(template))
        path = os.path.join(self.own or builtin_folder(), inner)
        is_own = self.own is not None and os.path.lexists(path)
        if self.own is not None and not is_own:
            path = os.path.join(builtin_folder(), inner)
        number = f"<template {len(self.shown)}>"
        self.shown[number] = path
        if not os.path.lexists(path):
            raise TemplateNotFound(template)
        try:
            data = read_within(self.own or "", inner, MOST_TEMPLATE) if is_own else read_plain(path, MOST_TEMPLATE)
            return data.decode(), number, None
        except OutsideError:
            raise TemplateError(f"`{path}` lies outside the folder of templates") from None
        except ReadingError as error:
            raise TemplateError(f"cannot read `{path}`: {error}") from None
        except UnicodeDecodeError:
            raise TemplateError(f"`{path}` is not UTF-8 text") from None


class _Noted(Template):
    """A template that notes which of its lines each line of compiled code is, in case it is stopped from outside."""

    @classmethod
    def from_code(cls, environment: Any, code: Any, globals: Any, uptodate: Any = None) -> Template:
        """Make a template, and note it."""
        made = super().from_code(environment, code, globals, uptodate)
        environment.note([made.filename, environment.loader.shown[made.filename], made.debug_info])
        return made


class Sandbox(ImmutableSandboxedEnvironment):
    """What a template can name, and no more. Nothing is computed before the template is filled."""

    template_class = _Noted

    def __init__(self, loader: _Loader, note: Note) -> None:
        super().__init__(
            loader=loader,
            autoescape=False,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            optimized=False,
            finalize=pass_eval_context(lambda _, value: _printed(value)),
        )
        self.note = note
        own = {"md": markdown.escape, "code": markdown.code, "prose": markdown.prose, "string": str}
        texts = {**{name: self.filters[name] for name in TEXT_FILTERS}, **own}
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.filters.update({name: _of_text(function) for name, function in texts.items()}, join=_join)
        self.globals = {"range": range, "table": markdown.table}

    def handle_exception(self, source: str | None = None) -> NoReturn:
        """Raise the error as it is: Jinja would rewrite it, and there may be no memory left for that."""
        raise


def _printed(value: Any) -> Any:
    """What is written for a value: a dash for what is unknown; no list, no function."""
    if value is None:
        return markdown.UNKNOWN
    if isinstance(value, (str, int, float, Undefined)):
        return value
    raise TypeError(f"a {type(value).__name__} cannot be written; loop over it, or `join` it")


def _of_text(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that refuses what cannot be written as text."""
    return lambda value, *arguments: function(_printed(value), *arguments)


def _join(items: Iterable[Any], separator: str = "", attribute: str | None = None) -> str:
    """Texts joined."""
    return separator.join(str(_printed(item if attribute is None else item[attribute])) for item in items)


# --- filling -------------------------------------------------------------------------------------


def builtin_folder() -> str:
    """Where the templates are: beside the package's folder in a checkout, in the package when installed."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    inside = os.path.join(package, "templates")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(package), "templates")


def builtin_names() -> list[str]:
    """The names by which templates may be overridden."""
    return sorted(name for name in os.listdir(builtin_folder()) if name.endswith(".j2"))


def fill(name: str, values: Mapping[str, Any], folder: str | None = None) -> str:
    """A template filled with values that JSON can hold; `folder` has templates that replace the built-in ones.

    Raises FillingError.
    """
    if folder is None:
        return _filled(name, values, None, lambda _: None)
    _check_folder(folder)
    bounds = Bounds(MOST_SECONDS, MOST_MEGABYTES)
    try:
        answer = run("planlang.views.templating:fill_apart", [name, values, folder, bounds], bounds)
    except ConfinedError as error:
        raise FillingError(f"{_ended_at(error, name)}: {error.message}") from None
    if answer[:1] == "!":
        raise FillingError(answer[1:])
    return answer[1:]


def fill_apart(request: Sequence[Any], note: Note) -> str:
    """A template filled in this, its separate, process: a blank and the result, or `!` and what is wrong."""
    name, values, folder, bounds = request
    try:
        return " " + _filled(name, values, folder, note, Bounds(*bounds))
    except FillingError as error:
        return f"!{error}"


def _filled(name: str, values: Mapping[str, Any], own: str | None, note: Note, bounds: Bounds | None = None) -> str:
    loader = _Loader(own)
    parts, length = [], 0
    try:
        for part in Sandbox(loader, note).get_template(name).generate(dict(values)):
            length += len(part)
            if length > MOST_CHARACTERS:
                raise TemplateError(f"it writes more than {MOST_CHARACTERS:,} characters")
            parts.append(part)
    except Exception as error:
        if isinstance(error, MemoryError):
            if bounds is None:
                raise
            free_memory()
        raise FillingError(f"{_where(error, name, loader.shown)}: {_reason(error, bounds)}") from None
    return "".join(parts)


def _check_folder(folder: str) -> None:
    if not os.path.isdir(folder):
        raise FillingError(f"there is no folder `{folder}` of templates")
    known = builtin_names()
    if not any(os.path.lexists(os.path.join(folder, name)) for name in known):
        raise FillingError(f"no template in `{folder}` replaces one of ours: {', '.join(known)}")


def _where(error: Exception, name: str, shown: Mapping[str, str]) -> str:
    """The template and, as far as it is known, the line at which an error was raised."""
    where, line = next(iter(shown.values()), name), 0
    if isinstance(error, TemplateSyntaxError):
        where, line = shown.get(error.filename or "", where), error.lineno
    else:
        step = error.__traceback__
        while step is not None:
            file = step.tb_frame.f_code.co_filename
            template = step.tb_frame.f_globals.get("__jinja_template__")
            if file in shown and template is not None:
                where, line = shown[file], template.get_corresponding_lineno(step.tb_lineno)
            step = step.tb_next
    return f"{where}:{line}" if line else where


def _reason(error: Exception, bounds: Bounds | None) -> str:
    if isinstance(error, RecursionError):
        return "it calls or includes itself too deep"
    if isinstance(error, MemoryError) and bounds is not None:
        return too_large(bounds)
    bare = getattr(error, "message", None) or getattr(error, "msg", None)  # of a syntax error, without its place
    said = " ".join(str(bare or error).split()).rstrip(".")
    if isinstance(error, TemplateNotFound):
        return f"there is no template `{said}`"
    if isinstance(error, (TemplateError, SyntaxError)):
        return said or type(error).__name__
    return f"{type(error).__name__}: {said}"


def _ended_at(error: ConfinedError, name: str) -> str:
    """Where a template was when it was stopped: the line of the innermost call, as far as it is known."""
    shown = {number: path for number, path, _ in error.notes}
    lines = {number: found for number, _, found in error.notes}
    for file, code_line in error.frames:
        if file in shown:
            line = next((line for line, first in reversed(lines[file]) if first <= code_line), 1)
            return f"{shown[file]}:{line}"
    return next(iter(shown.values()), name)
