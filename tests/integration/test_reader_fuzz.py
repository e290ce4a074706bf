"""Mutants: moves that do not matter read the same, moves that do give findings, noise a verdict; never an error."""

import logging
import random
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from support.workbooks import hostile
from support.workbooks.office import decompose
from support.workbooks.samples import filled_workbook, plan
from support.workbooks.xlsb import xlsb_of

from baocao.domain.received.submission import Content
from baocao.isolation.process import ReaderPool
from baocao.workbook.reading.reader import read_workbook

FIGURES, TASKS = "Chỉ tiêu", "Nhiệm vụ"
SHEETS = (FIGURES, TASKS, "Khó khăn, kiến nghị")
MUTANTS = 2000
few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled_workbook(tmp_path_factory.mktemp("good"))


def read(book: Workbook) -> Content:
    buffer = BytesIO()
    book.save(buffer)
    return read_workbook(buffer.getvalue(), plan())


def plain(good: Path) -> Workbook:
    """The form without what openpyxl does not move along."""
    book = load_workbook(good)
    for sheet in book.worksheets:
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
    return book


def header_row(sheet: Worksheet) -> int:
    return next(cell.row for row in sheet.iter_rows() for cell in row if cell.value in ("Mã", "STT"))


def values(content: Content) -> object:
    return {key: [dict(row.values) for row in table.rows] for key, table in content.tables.items()}


@pytest.mark.slow
@few
@given(
    name=st.sampled_from(SHEETS),
    above=st.integers(0, 25),
    order=st.randoms(use_true_random=False),
    extra=st.integers(0, 3),
    is_decomposed=st.booleans(),
)
def test_moves_that_do_not_matter_read_the_same(
    good: Path, name: str, above: int, order: random.Random, extra: int, is_decomposed: bool
) -> None:
    book = plain(good)
    sheet = book[name]
    top, width = header_row(sheet), sheet.max_column
    columns = list(range(1, width + 1))
    order.shuffle(columns)
    for row in range(top, sheet.max_row + 1):
        moved = [(sheet.cell(row, column).value, sheet.cell(row, column).number_format) for column in columns]
        for column, (value, number_format) in enumerate(moved, start=1):
            sheet.cell(row, column).value = value
            sheet.cell(row, column).number_format = number_format
    for _ in range(extra):
        sheet.insert_cols(order.randint(1, sheet.max_column))
    if above:  # openpyxl loses rows when told to insert none
        sheet.insert_rows(1, above)
    if is_decomposed:
        decompose(sheet)
    content = read(book)
    assert content.findings == ()
    assert values(content) == values(read_workbook(good, plan()))


@pytest.mark.slow
@few
@given(
    name=st.sampled_from(SHEETS[:2]), row=st.integers(0, 14), column=st.integers(0, 8), word=st.sampled_from(["", "?"])
)
def test_moves_that_matter_give_a_finding(good: Path, name: str, row: int, column: int, word: str) -> None:
    book = plain(good)
    sheet = book[name]
    top = header_row(sheet)
    codes = [cell for (cell,) in sheet.iter_rows(top + 1, sheet.max_row, 1, 1) if cell.value]
    spoilt = codes[row] if column == 0 else sheet.cell(top, column + 1)
    spoilt.value = word or None
    found = {finding.rule for finding in read(book).findings}
    assert found == {"row_missing" if column == 0 else "column_missing"}


def noise(data: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, dropped, repeated or overwritten by extremes."""
    mutant = bytearray(data or b"x")
    for _ in range(chance.choice((1, 2, 8, 40))):
        kind, at = chance.randrange(4), chance.randrange(len(mutant) or 1)
        if kind == 0:
            mutant[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 1:
            del mutant[at : at + chance.randrange(1, 50)]
        elif kind == 2:
            mutant[at:at] = mutant[max(0, at - 60) : at]
        else:
            mutant[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", bytes(4), b"9999", b"\xff\x7f\0\0"))
    return bytes(mutant)


def mutant_of(data: bytes, chance: random.Random) -> bytes:
    """Noise in the file or in one part of its package."""
    if not data.startswith(b"PK") or chance.random() < 0.3:
        return noise(data, chance)
    with ZipFile(BytesIO(data)) as package:
        name = chance.choice(package.namelist())
    return hostile.repacked(data, {name: noise(hostile.part(data, name), chance)})


def old_workbook() -> bytes:
    """The beginnings of an .xls."""
    return hostile.compound(hostile.biff8(hostile.BOF, (0x0203, bytes(14)), (0x0205, bytes(8)), hostile.EOF))


@pytest.mark.slow
def test_noise_gives_a_verdict_and_never_an_error(good: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    seeds = [good.read_bytes(), xlsb_of(good).read_bytes(), hostile.ods(""), old_workbook()]
    chance, paths = random.Random(MUTANTS), []  # noqa: S311 - the same mutants every time
    for number in range(MUTANTS):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(mutant_of(seeds[number % len(seeds)], chance))
        paths.append(path)
    with caplog.at_level(logging.ERROR), ReaderPool(plan()) as pool:
        contents = list(pool.read_all(paths))
    assert len(contents) == MUTANTS
    assert all(content.form or content.findings for content in contents)
    ours = [record.message for record in caplog.records if "PanicException" not in record.message]
    assert ours == []
