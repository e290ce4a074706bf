"""Packages as careful and careless programs write them: parts that no parser opens, default passwords, backslashes."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from support.workbooks import hostile
from support.workbooks.encrypted import locked_xls, locked_xlsx
from support.workbooks.office import HAS_OFFICE, saved_by_libreoffice
from support.workbooks.samples import cell_of, filled_workbook, plan
from support.workbooks.xlsb import xlsb_of

from baocao.domain.received.submission import Checked
from baocao.isolation.process import read_one
from baocao.workbook.marking.marking import mark
from baocao.workbook.marking.request import Marking
from baocao.workbook.reading.reader import read_workbook

LINK = (
    '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
    'Target="{}"/></Relationships>'
)
MASHUP = (
    '<?xml version="1.0" encoding="utf-16"?><DataMashup xmlns="http://schemas.microsoft.com/DataMashup">A</DataMashup>'
)
ITEM = "customXml/item1.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return filled_workbook(tmp_path_factory.mktemp("good")).read_bytes()


def laid(folder: Path, data: bytes, name: str = "tệp.xlsx") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def linked(good: bytes, kind: str, target: str, part: bytes, name: str = ITEM) -> bytes:
    relations = hostile.part(good, RELATIONS).replace(b"</Relationships>", LINK.format(kind, target).encode())
    return hostile.repacked(good, {RELATIONS: relations, name: part})


def test_power_query_parts_may_be_in_utf_16(good: bytes, tmp_path: Path) -> None:
    path = laid(tmp_path, linked(good, "customXml", "../customXml/item1.xml", MASHUP.encode("utf-16")))

    content = read_workbook(path, plan())
    assert content.findings == ()
    assert content.tables == read_workbook(good, plan()).tables
    assert mark(Marking(path, Checked(content, ())), plan())


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("worksheet", "../customXml/item1.xml"),
        ("sharedStrings", "/customXml/item1.xml"),
        ("styles", "..%2FcustomXml%2Fitem1.xml"),
        ("comments", "..\\customXml\\item1.xml"),
        ("theme", "../CUSTOMXML/Item1.xml"),
    ],
)
@pytest.mark.parametrize(
    "part", [MASHUP.encode("utf-16"), b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'], ids=["UTF-16", "entity"]
)
def test_a_part_that_something_opens_is_still_judged(
    good: bytes, tmp_path: Path, kind: str, target: str, part: bytes
) -> None:
    [finding] = hostile.refused(laid(tmp_path, linked(good, kind, target, part)))
    assert finding.rule == "file_unsafe"


def test_what_no_parser_opens_still_counts_in_size(good: bytes, tmp_path: Path) -> None:
    [finding] = hostile.refused(laid(tmp_path, hostile.bomb(good, ITEM, 200)))
    assert finding.rule == "file_unsafe"


@pytest.mark.slow
def test_the_default_password_opens_a_workbook_in_a_reader_process(good: bytes, tmp_path: Path) -> None:
    path = laid(tmp_path, locked_xlsx(good))

    content = read_one(path, plan())
    assert content.findings == ()
    assert content.tables == read_workbook(good, plan()).tables
    assert mark(Marking(path, Checked(content, ())), plan()).startswith(b"PK")


def test_what_is_under_the_default_password_is_judged_as_any_other(good: bytes, tmp_path: Path) -> None:
    content = read_one(laid(tmp_path, locked_xlsx(hostile.corner(good))), plan())
    assert [finding.rule for finding in content.findings] == ["file_unsafe"]


@pytest.mark.slow
@pytest.mark.skipif(not HAS_OFFICE, reason="LibreOffice is not installed")
def test_the_default_password_opens_an_old_workbook_too(tmp_path: Path) -> None:
    plain = saved_by_libreoffice(filled_workbook(tmp_path), "xls")
    path = laid(tmp_path, locked_xls(plain), "khóa.xls")

    content = read_one(path, plan())
    assert content.findings == ()
    assert content.tables == read_workbook(plain, plan()).tables


def backslashed(data: bytes) -> bytes:
    buffer = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(buffer, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name.replace("/", "\\"), source.read(name))
    return buffer.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("save", [lambda path: path, xlsb_of], ids=["xlsx", "xlsb"])
def test_names_with_backslashes_are_read(tmp_path: Path, save: Callable[[Path], Path]) -> None:
    plain = save(filled_workbook(tmp_path))
    path = laid(tmp_path, backslashed(plain.read_bytes()))

    content = read_workbook(path, plan())
    assert content.findings == ()
    assert content.tables == read_workbook(plain, plan()).tables
    assert mark(Marking(path, Checked(content, ())), plan())


def test_errors_under_backslashes_are_seen(tmp_path: Path) -> None:
    def edit(book: object) -> None:
        cell_of(book, "Chỉ tiêu", "C1", "Minh chứng").value = "#N/A"  # type: ignore[arg-type]

    path = laid(tmp_path, backslashed(filled_workbook(tmp_path, edit=edit).read_bytes()))
    assert [one.rule for one in read_workbook(path, plan()).findings] == ["cell_error"]


def test_one_name_in_both_spellings_is_refused(good: bytes, tmp_path: Path) -> None:
    data = hostile.repacked(good, {hostile.SHEET.replace("/", "\\"): b"<a/>"})
    [finding] = hostile.refused(laid(tmp_path, data))
    assert finding.rule == "file_unsafe"
