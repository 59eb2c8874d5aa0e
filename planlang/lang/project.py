"""Projects: which files make one plan, which are modules, and the blocks that they make."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from planlang.lang import codes, tree
from planlang.lang.blocks import Block
from planlang.lang.evaluate import Evaluator
from planlang.lang.finding import Finding
from planlang.lang.nearest import nearest
from planlang.lang.parser import parse
from planlang.lang.reading import (
    SUFFIX,
    OutsideError,
    ReadingError,
    TooLargeError,
    is_within,
    plan_names,
    read_within,
)
from planlang.lang.shapes import Layer, make_shape
from planlang.lang.source import Source, Span
from planlang.lang.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planlang.lang.catalogue import Catalogue
    from planlang.lang.finding import Code
    from planlang.lang.vocabulary import Vocabulary

CATALOGUE = "\0"
"""The prefix of a built-in module's name in keys. A key of a project's file is its path, which holds no NUL."""

MOST_PROJECT_BYTES = 64 * 1024 * 1024
"""Of all files of a project together."""


class Project(NamedTuple):
    """A plan as read: its top level, its world, and every file read, in order of name.

    `names` are the files that it was made of; the others are used by them.
    """

    root: Block
    world: World
    sources: tuple[Source, ...]
    modules: tuple[Block, ...]
    names: tuple[str, ...]


class CannotRead(Exception):  # noqa: N818 - it is no mistake of the program
    """The path given is no plan: it does not exist, or has no `.plan` files."""


def plan_files(path: str) -> tuple[str, list[str]]:
    """The project's folder and the names of its plan files, for a file or a folder. Raises CannotRead."""
    if os.path.isdir(path):
        try:
            names = plan_names(path)
        except OSError as error:
            raise CannotRead(f"cannot read `{path}`: {_reason(error)}") from None
        if not names:
            raise CannotRead(f"there is no `.plan` file in `{path}`")
        return path, names
    if os.path.isfile(path):
        return os.path.dirname(path) or ".", [os.path.basename(path)]
    if os.path.exists(path):
        raise CannotRead(f"`{path}` is neither a file nor a folder")
    if os.path.islink(path):
        raise CannotRead(f"`{path}` is a symbolic link that leads nowhere")
    close = _close_paths(path)
    raise CannotRead(f"there is no `{path}`" + (f"; did you mean `{close}`?" if close else ""))


def load(path: str, vocabulary: Vocabulary, catalogue: Catalogue) -> Project:
    """Read a file, or all files of a folder, and what they use. Mistakes are in the world's findings.

    Raises CannotRead where there is nothing to read.
    """
    folder, names = plan_files(path)
    named = "" if os.path.isdir(path) else names[0]
    return _Loader(folder, vocabulary, catalogue, named).load(names)


def load_texts(
    texts: Mapping[str, str], names: list[str], vocabulary: Vocabulary, catalogue: Catalogue, folder: str = ""
) -> Project:
    """Read a plan from the texts of its files: those of `names`, and what they use of the others."""
    return _Loader(folder, vocabulary, catalogue, texts=texts).load(names)


class _Loader:
    def __init__(
        self,
        folder: str,
        vocabulary: Vocabulary,
        catalogue: Catalogue,
        named: str = "",
        texts: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.texts = texts or {}
        self.catalogue = catalogue
        self.named = named
        self.left = MOST_PROJECT_BYTES
        self.world = World(vocabulary, Evaluator)
        self.world.catalogue = lambda: catalogue.definitions
        self.files: dict[str, tree.File | None] = {}
        self.modules: dict[str, Block] = {}

    def load(self, names: list[str]) -> Project:
        for name in names:
            self._read(name)
        used: set[str] = set()
        self._follow(list(self.files), used)
        own = [name for name in names if name not in used] or names
        root = self._root("", [file for name in own if (file := self.files.get(name)) is not None])
        sources = tuple(file.source for _, file in sorted(self.files.items()) if file is not None)
        return Project(
            root, self.world, sources, tuple(self.modules[name] for name in sorted(self.modules)), tuple(names)
        )

    def _follow(self, pending: list[str], used: set[str]) -> None:
        """Read what the files use, and what that uses, until nothing new comes."""
        wanted: list[tuple[tree.File, tree.Use, str]] = []
        while pending:
            file = self.files[pending.pop(0)]
            if file is None:
                continue
            for statement in file.statements:
                if isinstance(statement, tree.Use):
                    key = self._locate(file, statement)
                    if key is None:
                        self._miss(file, statement, statement.target)
                        continue
                    if key not in self.files:
                        self._read(key, statement)
                        pending.append(key)
                    used.add(key)
                    wanted.append((file, statement, key))
        for _, _, key in wanted:
            module = self.files[key]
            if module is not None and key not in self.modules:
                self.modules[key] = self._root(_stem(key), [module])
                self._check_module(module)
        for file, statement, key in wanted:
            alias = statement.alias or _stem(key)
            names = self.world.uses.setdefault(file.source, {})
            if key in self.modules:
                if alias in names and names[alias] is not self.modules[key]:
                    message = f"two modules go by the name `{alias}` here"
                    self._report(codes.NAME_CLASH, message, statement.span, ("give one of them another with `as`",))
                names[alias] = self.modules[key]
            else:
                self._miss(file, statement, key)

    def _miss(self, file: tree.File, use: tree.Use, target: str) -> None:
        """Note a module that was not found: names that may be its name are then not reported, too."""
        self.world.failed.setdefault(file.source, set()).add(use.alias or _stem(target))

    def _root(self, name: str, files: list[tree.File]) -> Block:
        statements = tuple(statement for file in files for statement in file.statements)
        source = files[0].source if files else Source(name or "plan", "")
        head = Span(source, 0, 0)
        shape = make_shape("", name, (Layer(statements, None, 0, None),), head, self.world)
        root = Block(shape, None, None, self.world)
        root.path = name
        return root

    # --- files -----------------------------------------------------------------------------------

    def _read(self, key: str, use: tree.Use | None = None) -> None:
        """Parse one file, by its key: its path in the project, or CATALOGUE and the name of a built-in module."""
        text = self.texts.get(key)
        if text is None:
            text = self._text(key, use)
            if text is None:
                self.files[key] = None
                return
        is_builtin = key.startswith(CATALOGUE)
        name = f"catalogue/{key[1:]}{SUFFIX}" if is_builtin else key
        parsed = parse(Source(name, text, is_builtin), self.world.vocabulary)
        for finding in parsed.findings:
            self.world.report(finding)
        self.world.pass_over(one.span for one in parsed.file.unread)
        self.world.nameless |= parsed.nameless
        self.files[key] = parsed.file

    def _text(self, key: str, use: tree.Use | None) -> str | None:
        """The text of a file, or None once it is reported why it is not read."""
        if self.left < 0:
            return None
        span = use.target_span if use is not None else Span(Source(key, ""), 0, 0)
        try:
            if key.startswith(CATALOGUE):
                data = self.catalogue.data(key[1:])
            else:
                data = read_within(self.folder, key, named=key == self.named)
            self.left -= len(data)
            if self.left < 0:
                most = MOST_PROJECT_BYTES // 2**20
                message = f"with `{key}`, the project's files are larger than {most} MB together: no more is read"
                self._report(codes.NOT_TEXT, message, span)
                return None
            return data.decode("utf-8-sig")
        except OutsideError:
            self._outside(key, key, span)
        except TooLargeError as error:
            self._report(codes.NOT_TEXT, f"cannot read `{key}`: {error}", span)
        except ReadingError as error:
            self._report(codes.NO_SUCH_FILE, f"cannot read `{key}`: {error}", span)
        except UnicodeDecodeError as error:
            message = f"`{key}` is not UTF-8 text: byte {error.start + 1:,} belongs to no character"
            self._report(codes.NOT_TEXT, message, span)
        return None

    def _outside(self, target: str, key: str, span: Span) -> None:
        by_link = os.path.islink(os.path.join(self.folder, key))
        notes = ("it is a symbolic link, and where it leads is not read",) if by_link else ()
        self._report(codes.OUTSIDE_PROJECT, f"`{target}` lies outside the project's folder", span, notes)

    def _locate(self, file: tree.File, use: tree.Use) -> str | None:
        """The key of what a `use` names, or None once a mistake is reported."""
        if not use.is_file:
            if self.catalogue.has(use.target):
                return CATALOGUE + use.target
            known = self.catalogue.modules
            module, _, member = use.target.partition(".")
            close = nearest(use.target, known)
            note = f"did you mean `{close[0]}`?" if close else f"there are {', '.join(f'`{n}`' for n in known)}"
            if member and module in known:
                note = f"write `use {module}`, and `{use.target}` where it is meant"
            notes: tuple[str, ...] = (note,)
            self._report(codes.NO_SUCH_MODULE, f"the catalogue has no module `{use.target}`", use.target_span, notes)
            return None
        target = use.target
        own = file.source.name
        if "\0" in target or "\\" in target or not target.endswith(SUFFIX):
            message = f"`{target}` is no `.plan` file" if "\\" not in target else "folders are parted by `/`"
            self._report(codes.NO_SUCH_FILE, message, use.target_span, self._meant_file(use, own))
            return None
        key = os.path.normpath(os.path.join(os.path.dirname(own), target)).replace(os.sep, "/")
        path = os.path.join(self.folder, key)
        if os.path.isabs(target) or key.startswith("../") or not is_within(path, self.folder):
            self._outside(target, key, use.target_span)
            return None
        if key not in self.files and key not in self.texts and not os.path.lexists(path):
            folder = os.path.dirname(os.path.realpath(path))
            close = nearest(os.path.basename(key), _plans(folder))
            notes = (f"did you mean `{os.path.join(os.path.dirname(target), close[0])}`?",) if close else ()
            notes = notes or self._meant_file(use, own)
            self._report(codes.NO_SUCH_FILE, f"there is no file `{key}` in the project", use.target_span, notes)
            return None
        return key

    def _meant_file(self, use: tree.Use, own: str) -> tuple[str, ...]:
        """What to write for a file that does not exist: a module of the catalogue, or the file with its ending."""
        target = use.target.replace("\\", "/")
        module = os.path.basename(target).removesuffix(SUFFIX).lower()
        if module in self.catalogue.modules:
            return (f"modules of the catalogue take no quotes: write `use {module}`",)
        file = target if target.endswith(SUFFIX) else target + SUFFIX
        path = os.path.join(self.folder, os.path.dirname(own), file)
        there = is_within(path, self.folder) and os.path.isfile(path)
        return (f'write `use "{file}"`',) if there and file != use.target else ()

    def _check_module(self, file: tree.File) -> None:
        for statement in file.statements:
            if isinstance(statement, tree.Block) and not statement.is_template:
                kind = self.world.vocabulary.kind(statement.kind)
                if kind is not None and not kind.defines and "" in self.world.vocabulary.places(statement.kind):
                    message = (
                        f"`{statement.name}` is a {statement.kind} in a module, which only defines: it is not built"
                    )
                    notes = (f"write `template {statement.kind} {statement.name}`, or move it to a file of the plan",)
                    self._report(codes.BUILT_IN_MODULE, message, statement.head, notes)
            elif isinstance(statement, tree.Rule):
                message = "a rule in a module binds nothing: it stands inside a block, or in a file of the plan"
                self._report(codes.BUILT_IN_MODULE, message, statement.span)
            elif isinstance(statement, (tree.Measure, tree.Objective, tree.Accept)):
                word = statement.span.text.split(None, 1)[0]
                message = f"`{word}` in a module means nothing: it stands in a block, or in a file of the plan"
                if isinstance(statement, tree.Objective):
                    message = f"`{word}` in a module means nothing: it stands in a file of the plan"
                self._report(codes.BUILT_IN_MODULE, message, statement.span)

    def _report(self, code: Code, message: str, span: Span, notes: tuple[str, ...] = ()) -> None:
        self.world.report(Finding(code, message, span, notes=notes))


def _plans(folder: str) -> list[str]:
    """The names of the plan files of a folder; none where it cannot be read."""
    try:
        return plan_names(folder)
    except OSError:
        return []


def _stem(key: str) -> str:
    return key.removeprefix(CATALOGUE).rpartition("/")[2].removesuffix(SUFFIX)


def _reason(error: OSError) -> str:
    return (error.strerror or "it cannot be opened").lower()


def _close_paths(path: str) -> str:
    folder = os.path.dirname(path)
    try:
        names = os.listdir(folder or ".")
    except OSError:
        return ""
    close = nearest(os.path.basename(path), sorted(names))
    return os.path.join(folder, close[0]) if close else ""
