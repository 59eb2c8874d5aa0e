"""Templates of Markdown, filled in a sandbox that ends: whatever a template says, it cannot run on or grow for ever."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    Undefined,
    nodes,
)
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from planlang.views import markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MOST_STEPS = 1_000_000
"""Turns of loops and calls that one template may take."""

MOST_SECONDS = 30.0
MOST_CHARACTERS = 64 * 1024 * 1024
MOST_TEXT = 4 * 1024 * 1024
"""Characters of one text that a template puts together, or items of one list."""

MOST_RANGE = 100_000
MOST_BITS = 4096

FILTERS = _words(
    "abs count d default dictsort first float groupby int items last length list map max min reject rejectattr "
    "reverse round select selectattr sort sum unique"
)
"""Filters of Jinja whose result is not larger than what they are given."""

TEXT_FILTERS = _words("capitalize lower title trim upper")
"""The same, of texts."""

TEXT_METHODS = _words(
    "capitalize casefold count endswith find isalpha isdecimal isdigit islower isnumeric isupper lower lstrip "
    "partition removeprefix removesuffix rfind rpartition rstrip split splitlines startswith strip swapcase title "
    "upper"
)


class FillingError(Exception):
    """A template that cannot be filled: `bom.md.j2:12: what is wrong`."""


class _TooMuchError(SecurityError):
    """A template that does not end, or makes too much."""


class _Budget:
    """What a filling has left."""

    def __init__(self) -> None:
        self.steps = MOST_STEPS
        self.end = time.monotonic() + MOST_SECONDS

    def step(self) -> None:
        """Take one step."""
        self.steps -= 1
        if self.steps < 0 or (self.steps % 1024 == 0 and time.monotonic() > self.end):
            raise _TooMuchError("it takes too many steps: a loop that does not end, or loops within loops")


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of one filling: it counts what the template does."""

    intercepted_binops = frozenset(["+", "*", "**", "%"])

    def __init__(self, loader: BaseLoader) -> None:
        super().__init__(
            loader=loader,
            autoescape=False,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            finalize=_printed,
        )
        self.budget = _Budget()
        own = {"md": markdown.escape, "code": markdown.code, "prose": markdown.prose, "string": str}
        texts = {**{name: self.filters[name] for name in TEXT_FILTERS}, **own}
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.filters.update({name: _of_text(function) for name, function in texts.items()})
        self.filters.update(_counted=self._counted, _bounded=_bounded, _text=_text, join=_join)
        self.globals = {"range": _range, "table": _table}

    @staticmethod
    def concat(parts: Iterable[str]) -> str:
        """What a block or macro writes, while it is not too long."""
        return _join(parts)

    def wrap_str_format(self, value: Any) -> None:
        """Texts have no `format`: it can make them as long as it likes."""
        return None

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The tree of a template, its loops counted and its joined texts measured."""
        tree = super()._parse(source, name, filename)
        for loop in list(tree.find_all(nodes.For)):
            loop.iter = nodes.Filter(loop.iter, "_counted", [], [], None, None, lineno=loop.lineno)
        _measure(tree)
        tree.set_environment(self)
        return tree

    def _counted(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self.budget.step()
            yield item

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        """Call what is safe to call, as one step."""
        __self.budget.step()
        return super().call(__context, __obj, *args, **kwargs)

    def call_filter(self, name: str, value: Any, *args: Any, **kwargs: Any) -> Any:
        """A filter that another applies to each item, as one step."""
        self.budget.step()
        return super().call_filter(name, value, *args, **kwargs)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """An operation whose result is not too large."""
        _check_operands(operator, left, right)
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether it may be read: of texts only what does not make them longer."""
        if isinstance(obj, (str, bytes, bytearray, int, float)):
            return isinstance(obj, str) and attr in TEXT_METHODS
        return bool(super().is_safe_attribute(obj, attr, value))


def _measure(node: nodes.Node) -> None:
    """Wrap each concatenation below a node in a check of its length."""
    for field, value in list(node.iter_fields()):
        for position, child in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(child, nodes.Node):
                continue
            _measure(child)
            if isinstance(child, nodes.Concat):
                child.nodes = [nodes.Filter(one, "_text", [], [], None, None, lineno=one.lineno) for one in child.nodes]
                wrapped = nodes.Filter(child, "_bounded", [], [], None, None, lineno=child.lineno)
                if isinstance(value, list):
                    value[position] = wrapped
                else:
                    setattr(node, field, wrapped)


def _text(value: Any) -> Any:
    """The value, if it is one that is written: no list, no function."""
    if value is None or isinstance(value, (str, int, float, Undefined)):
        return value
    raise TypeError(f"a {type(value).__name__} cannot be written; loop over it, or `join` it")


def _printed(value: Any) -> Any:
    """What is written for a value: a dash for what is unknown."""
    return markdown.UNKNOWN if value is None else _text(value)


def _of_text(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that takes texts alone."""
    return lambda value, *arguments: function(_printed(value), *arguments)


def _table(columns: Sequence[Sequence[str]], rows: Iterable[Mapping[str, Any]]) -> str:
    """The global `table`."""
    rows = list(rows)
    for row in rows:
        for column in columns:
            _text(row.get(column[1]))
    return _bounded(markdown.table(columns, rows))


def _bounded(text: str) -> str:
    if len(text) > MOST_TEXT:
        raise _TooMuchError(f"it puts together a text of more than {MOST_TEXT:,} characters")
    return text


def _join(items: Iterable[Any], separator: str = "", attribute: str | None = None) -> str:
    """Texts joined, while they are not too long together."""
    parts, length = [], 0
    for item in items:
        value = item if attribute is None else item[attribute]
        parts.append(str(_printed(value)))
        length += len(parts[-1]) + len(separator)
        if length > MOST_TEXT:
            raise _TooMuchError(f"it puts together a text of more than {MOST_TEXT:,} characters")
    return separator.join(parts)


def _range(*bounds: int) -> range:
    found = range(*bounds)
    if len(found) > MOST_RANGE:
        raise _TooMuchError(f"a range has at most {MOST_RANGE:,} numbers")
    return found


def _check_operands(operator: str, left: Any, right: Any) -> None:
    if operator == "%" and isinstance(left, (str, bytes)):
        raise _TooMuchError("texts are not put together by `%`")
    sizes = [len(one) for one in (left, right) if hasattr(one, "__len__")]
    numbers = [one for one in (left, right) if isinstance(one, int)]
    if sizes and operator == "*":
        if not isinstance(left, str) and not isinstance(right, str):
            raise _TooMuchError("lists are not multiplied")
        sizes = [sizes[0] * abs(numbers[0])] if numbers else sizes
    if sum(sizes) > MOST_TEXT:
        raise _TooMuchError(f"it puts together more than {MOST_TEXT:,} characters or items")
    bits = [one.bit_length() for one in numbers]
    if (operator == "**" and len(bits) == 2 and bits[0] * min(abs(right), MOST_BITS) > MOST_BITS) or (
        operator == "*" and sum(bits) > MOST_BITS
    ):
        raise _TooMuchError("a number gets too large")


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
    """A template filled; `folder` has templates that replace the built-in ones of their names.

    Raises FillingError.
    """
    folders = [builtin_folder()]
    if folder is not None:
        _check_folder(folder)
        folders.insert(0, folder)
    environment = Sandbox(ChoiceLoader([FileSystemLoader(one) for one in folders]))
    parts, length = [], 0
    try:
        for part in environment.get_template(name).generate(dict(values)):
            environment.budget.step()
            length += len(part)
            if length > MOST_CHARACTERS:
                raise _TooMuchError(f"it writes more than {MOST_CHARACTERS:,} characters")
            parts.append(part)
    except Exception as error:
        raise FillingError(_said(error, name, folders)) from None
    return "".join(parts)


def _check_folder(folder: str) -> None:
    if not os.path.isdir(folder):
        raise FillingError(f"there is no folder `{folder}` of templates")
    known = builtin_names()
    if not any(os.path.isfile(os.path.join(folder, name)) for name in known):
        raise FillingError(f"no template in `{folder}` replaces one of ours: {', '.join(known)}")


def _said(error: Exception, name: str, folders: list[str]) -> str:
    """Where and what, in one line."""
    where, line = name, 0
    if isinstance(error, TemplateSyntaxError):
        where, line = error.filename or error.name or name, error.lineno
    else:
        step = error.__traceback__
        while step is not None:
            file = step.tb_frame.f_code.co_filename
            if any(file.startswith(os.path.join(folder, "")) for folder in folders):
                where, line = file, step.tb_lineno
            step = step.tb_next
    return f"{where}:{line}: {_reason(error)}" if line else f"{where}: {_reason(error)}"


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it calls or includes itself too deep"
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    said = " ".join(str(error).split()).rstrip(".")
    if type(error).__name__ == "TemplateNotFound":
        return f"there is no template `{said}`"
    if isinstance(error, TemplateError):
        return said or type(error).__name__
    return f"{type(error).__name__}: {said}"
