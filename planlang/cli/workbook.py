"""Excel's workbooks as rows of figures and texts. They are not trusted: what they hold unpacked, their elements, rows
and columns are bounded, and a document type is refused. Figures of formulas are those that were saved."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from planlang.cli import topology
from planlang.cli.terminal import Refusal
from planlang.cli.topology_xml import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Cell = str | float
    Rows = list[list[Cell]]

XLSX, XLS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of a zip file, and of a compound file, which Excel wrote before."""
MOST_UNPACKED = 64 * 1024 * 1024
MOST_MEMBERS = 2_000
MOST_ROWS, MOST_COLUMNS = 120_000, 64
"""Of a sheet; what stands beyond these columns is not read."""
LONGEST_CELL = 1_000
_PLAIN = (0, 8)
"""Methods of packing: none, and deflate. Others could unpack more at once than is asked for."""


def is_workbook(data: bytes) -> bool:
    """Whether the first bytes are those of a workbook."""
    return data.startswith((XLSX, XLS))


def sheets(data: bytes, names: Iterable[str]) -> dict[str, Rows]:
    """The rows of the sheets of those names that there are, empty cells as empty texts. Raises Refusal where it is no
    workbook, or one that is too large."""
    wanted = list(names)
    return _xlsx(data, wanted) if data.startswith(XLSX) else _xls(data, wanted)


# --- xlsx ------------------------------------------------------------------------------------------


def _xlsx(data: bytes, names: list[str]) -> dict[str, Rows]:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise Refusal("reading .xlsx needs openpyxl: pip install 'planlang[excel]'") from None
    import warnings

    examined = _examined(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that are not read
            book = load_workbook(io.BytesIO(examined), read_only=True, data_only=True, keep_links=False)
            found = {}
            for name in names:
                if name in book.sheetnames and hasattr(book[name], "iter_rows"):
                    rows = book[name].iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)
                    found[name] = _rows(name, rows)
            return found
    except Refusal:
        raise
    except Exception as error:  # the library has no error of its own for what is broken
        raise _broken(error) from None


def _examined(data: bytes) -> bytes:
    """The same workbook of the parts that are XML, none of which has a document type or is too large: so what is read
    is what was examined."""
    import zipfile
    import zlib

    written = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(written, "w") as kept:
            members = [given.getinfo(name) for name in dict.fromkeys(given.namelist())]
            if len(members) > MOST_MEMBERS:
                raise Refusal(f"the workbook has {len(members):,} parts, more than the {MOST_MEMBERS:,} that are read")
            members = [one for one in members if one.filename.endswith((".xml", ".rels"))]
            unpacked = sum(one.file_size for one in members)
            if unpacked > MOST_UNPACKED:
                raise Refusal(f"unpacked it has more than {MOST_UNPACKED // 1024 // 1024} MiB, which no network takes")
            parts = 0
            for one in members:
                if one.compress_type not in _PLAIN or one.flag_bits & 1:
                    raise Refusal("a part of the workbook is encrypted, or packed in a way that Excel does not use")
                with given.open(one) as stream:
                    text = stream.read(one.file_size)
                parts += walk(text, _nothing, _nothing)
                if parts > topology.MOST_PARTS:
                    raise Refusal(f"it has more than the {topology.MOST_PARTS:,} elements that are read")
                kept.writestr(one.filename, text)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise _broken(error) from None
    return written.getvalue()


def _nothing(*_: object) -> None:
    """For elements that are counted alone."""


# --- xls ---------------------------------------------------------------------------------------------


def _xls(data: bytes, names: list[str]) -> dict[str, Rows]:
    try:
        import xlrd
    except ImportError:
        raise Refusal("reading .xls needs xlrd: pip install 'planlang[excel]'") from None
    try:
        book = xlrd.open_workbook(file_contents=data, on_demand=True, ragged_rows=True, logfile=io.StringIO())
        found = {}
        for name in names:
            if name in book.sheet_names():
                sheet = book.sheet_by_name(name)
                found[name] = _rows(name, (_values(sheet.row(place)) for place in range(sheet.nrows)))
        return found
    except Refusal:
        raise
    except Exception as error:  # the library raises whatever the bytes lead to
        raise _broken(error) from None


def _values(cells: list[Any]) -> Iterator[object]:
    """Errors, as `#N/A`, are no figures."""
    return ("" if cell.ctype == 5 else cell.value for cell in cells)


# --- cells -------------------------------------------------------------------------------------------


def _rows(name: str, rows: Iterable[Iterable[object]]) -> Rows:
    found = []
    for place, row in enumerate(rows):
        if place >= MOST_ROWS:
            raise Refusal(f"the sheet `{name}` has more than the {MOST_ROWS:,} rows that are read")
        cells = [_cell(value) for _, value in zip(range(MOST_COLUMNS), row, strict=False)]
        while cells and cells[-1] == "":
            cells.pop()
        found.append(cells)
    while found and not found[-1]:
        found.pop()
    return found


def _cell(value: object) -> Cell:
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, (int, float)):
        try:
            return float(value)
        except OverflowError:
            return ""
    return str(value)[:LONGEST_CELL].strip()


def text(cell: Cell) -> str:
    """A cell as a name: of a whole figure without the point that Excel gives it."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell}"
    return cell


def _broken(error: Exception) -> Refusal:
    said = " ".join(str(error).split())[:120]
    return Refusal(f"it is no workbook that can be read: {said or type(error).__name__}")
