"""The guard: every hostile or broken file refused by name, quickly; odd but honest ones let through."""

import os
import time
from pathlib import Path

import pytest
from support.workbooks import hostile
from support.workbooks.samples import filled_workbook, plan

from baocao.workbook.formats.guard import MAX_FILE_BYTES
from baocao.workbook.reading.reader import read_workbook

NAMES = list(hostile._FILES)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return filled_workbook(tmp_path_factory.mktemp("good")).read_bytes()


@pytest.fixture(scope="module")
def files(good: bytes, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, str]]:
    return hostile.write_hostile(tmp_path_factory.mktemp("hostile"), good)


@pytest.mark.parametrize("name", NAMES)
def test_hostile_file_is_refused_by_name_and_quickly(files: dict[str, tuple[Path, str]], name: str) -> None:
    path, rule = files[name]
    started = time.process_time()
    findings = hostile.refused(path)
    if not findings:  # broken inside, which the parser sees without harm
        findings = read_workbook(path, plan()).findings
    assert [finding.rule for finding in findings] == [rule]
    assert time.process_time() - started < 5
    assert findings[0].sheet is findings[0].cell is None
    assert findings[0].message.startswith(("Tệp", "Không mở được tệp"))


def test_what_could_harm_a_parser_never_reaches_it(files: dict[str, tuple[Path, str]]) -> None:
    for path, rule in files.values():
        if rule == hostile.UNSAFE:
            assert hostile.refused(path), path.name


def test_good_files_pass(good: bytes, tmp_path: Path) -> None:
    path = tmp_path / "tốt.bin"
    path.write_bytes(good)
    assert hostile.refused(path) == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1048576" ht="12.8"/>',
        '<row r="1048576"><c r="XFD1048576" s="1"/></row>',
        "".join(f'<row r="{row}"><c r="A{row}" s="1"/></row>' for row in range(1, 200_000)),
        '<row r="20001"><c r="C20001"><v>1</v></c></row>',
        "<row><c><v>1</v></c><c><v>2</v></c></row>",
    ],
    ids=["far empty row", "far styled cell", "many styled rows", "long extra sheet", "no addresses"],
)
def test_odd_but_honest_sheets_pass(good: bytes, tmp_path: Path, cells: str) -> None:
    path = tmp_path / "lạ.xlsx"
    path.write_bytes(hostile.repacked(good, {"xl/worksheets/sheet6.xml": hostile.worksheet(cells)}))
    assert hostile.refused(path) == ()
    assert read_workbook(path, plan()).findings == ()


def test_pipes_folders_and_giants_are_no_files(tmp_path: Path) -> None:
    pipe, giant = tmp_path / "pipe.xlsx", tmp_path / "giant.xlsx"
    os.mkfifo(pipe)
    with giant.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    assert [finding.rule for path in (pipe, tmp_path, giant) for finding in hostile.refused(path)] == [
        "file_unreadable",
        "file_unreadable",
        "file_unsafe",
    ]


def test_a_workbook_with_a_real_password_is_encrypted(good: bytes, tmp_path: Path) -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    plain, locked = tmp_path / "mở.xlsx", tmp_path / "khóa.xlsx"
    plain.write_bytes(good)
    with plain.open("rb") as source, locked.open("wb") as target:
        OOXMLFile(source).encrypt("mật khẩu", target)
    [finding] = hostile.refused(locked)
    assert finding.rule == "file_encrypted"
