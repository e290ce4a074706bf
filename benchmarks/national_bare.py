"""The report's reference: its rows read and its workbook's cells written, and nothing else done with either.

Run by ``national.py`` in a process of its own, with the settings in the environment, after the report:
``python -m benchmarks.national_bare 2022-10``. Prints one JSON document: seconds, rows and cells.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import chain, cycle, islice
from pathlib import Path
from time import perf_counter
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook
from sqlalchemy import Connection, select

from baocao.domain.planned.period import Period
from baocao.store import reports
from baocao.store.accepted.counted import effective_subquery
from baocao.store.engine.database import reading
from baocao.store.schema.reporting import CONTENT_TABLES, figure_places, finding, submission
from baocao.workspace.workspace import open_workspace

COLUMNS = 32
_CELL = b"<c "
Row = Sequence[Any]


def main(period: str) -> None:
    """Measure and print."""
    workspace, asked = open_workspace(), Period.parse(period)
    with reading(workspace.engine) as connection:
        record = reports.latest(connection, asked)
    if record is None:
        raise LookupError(f"no report of {period}")
    cells = cells_in(workspace.report_folder(asked, record.version) / "so-lieu.xlsx")
    started = perf_counter()
    with reading(workspace.engine) as connection:
        rows = rows_of(connection, record.form, asked)
    write_cells(rows, cells, workspace.home / "bare.xlsx")
    print(json.dumps({"bare_report_s": perf_counter() - started, "bare_rows": len(rows), "bare_cells": cells}))


def cells_in(path: Path) -> int:
    """How many cells a workbook's sheets have, empty ones with a border among them."""
    with ZipFile(path) as archive:
        sheets = (name for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))
        return sum(archive.read(name).count(_CELL) for name in sheets)


def rows_of(connection: Connection, form: str, period: Period) -> list[Row]:
    """Every row that the report of a period reads, as tuples: who reported, what, where it stands, what was found."""
    found = effective_subquery(form, period)
    of_submissions = [*CONTENT_TABLES.values(), figure_places, finding]
    queries = [select(*table.c).join(found, found.c.id == table.c.submission_id) for table in of_submissions]
    heads = select(*submission.c).where(submission.c.form == form, submission.c.period <= str(period))
    return [tuple(row) for query in (heads, *queries) for row in connection.execute(query)]


def write_cells(rows: Sequence[Row], count: int, path: Path) -> None:
    """Write so many cells with what the rows hold, the plainest way that streams."""
    values = cycle(map(_plain, chain.from_iterable(rows)))
    lines = (list(islice(values, COLUMNS)) for _ in range(count // COLUMNS))
    if find_spec("xlsxwriter"):
        _by_xlsxwriter(lines, path)
    else:
        _by_openpyxl(lines, path)


def _plain(value: Any) -> str | float | None:
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _by_xlsxwriter(lines: Iterator[list[Any]], path: Path) -> None:
    import xlsxwriter  # noqa: PLC0415 - none of our dependencies; used where it is

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, line in enumerate(lines):
        sheet.write_row(number, 0, line)
    book.close()


def _by_openpyxl(lines: Iterator[list[Any]], path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in lines:
        sheet.append(line)
    book.save(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
