"""«Con số này từ đâu?»: every figure of a replayed month leads to the very cell of the very file that gave it."""

import json
import random
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import delete
from support import ROOT
from support.months.life import live, prepared, workspace_of
from support.stores.facts import submit
from support.stores.houses import clock_at, lived_in
from support.workbooks.content import clean_content, counted

from baocao.decisions.overrides import override
from baocao.decisions.signing import sign
from baocao.domain.planned.period import Period
from baocao.domain.received.submission import Verdict
from baocao.oversight.tracing import trace
from baocao.render.xlsx.monthly import monthly_book
from baocao.store.archive import archive_path
from baocao.store.engine.database import writing
from baocao.store.schema.reporting import figure_places
from baocao.system.errors import UsageError
from baocao.workspace.workspace import Workspace
from deployments.commands.reports.tracing import trace as trace_command

SEPTEMBER, OCTOBER = Period(2022, 9), Period(2022, 10)
PART = "unit version sheet numerator_cell denominator_cell numerator denominator sha256 file received_at decisions"


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """October of the pilot: received, returned, mended and accepted."""
    workspace = workspace_of(ROOT / "plans" / "ninh-binh-2022", tmp_path_factory.mktemp("nguon-goc"))
    live(workspace, [OCTOBER])
    return workspace


def value_in(workspace: Workspace, row: dict[str, Any], cell: str | None) -> Any:
    """What stands in a cell of the archived file, read with a library of its own."""
    sheets = CalamineWorkbook.from_path(str(archive_path(workspace.home, row["sha256"], row["file"])))
    rows = sheets.get_sheet_by_name(row["sheet"]).to_python(skip_empty_area=False)
    assert cell
    letter, number = cell.rstrip("0123456789"), int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    return rows[number - 1][ord(letter) - ord("A")]


def same(value: Any, count: float) -> bool:
    """Whether a cell's value is the count; «Không phát sinh» is 0, digits may be text."""
    if isinstance(value, str):
        text = "".join(value.split())
        return count == 0 if not text[:1].isdigit() else float(text.replace(".", "").replace(",", ".")) == count
    return float(value) == count


@pytest.mark.slow
def test_two_hundred_figures_lead_to_the_cells_that_hold_them(replayed: Workspace) -> None:
    found = [
        (one.as_row(), part)
        for figure in replayed.plan.figures
        for one in [trace(replayed, OCTOBER, figure.code)]
        for part in one.as_row()["parts"]
    ]
    cells = [(part, column) for _, part in found for column in ("numerator", "denominator") if part[column] is not None]
    assert len(cells) > 120
    for part, column in random.Random(200).choices(cells, k=200):  # noqa: S311 - a fixed choice
        assert same(value_in(replayed, part, part[f"{column}_cell"]), part[column]), (part, column)
    for whole, _ in found:
        assert sum(part["numerator"] or 0 for part in whole["parts"]) == whole["numerator"]
        assert sum(part["denominator"] or 0 for part in whole["parts"]) == whole["denominator"]
        assert {" ".join(part) for part in whole["parts"]} == {PART}


@pytest.mark.slow
def test_a_file_of_before_cells_were_kept_is_read_again(replayed: Workspace) -> None:
    known = trace(replayed, OCTOBER, "B7")
    assert all(part.numerator_cell for part in known.parts)
    with writing(replayed.engine) as connection:
        connection.execute(delete(figure_places))
    assert trace(replayed, OCTOBER, "B7") == known


@pytest.mark.slow
def test_a_figure_of_all_and_of_one_unit(workspace: Workspace, monkeypatch: Any, capsys: Any) -> None:
    submit(workspace.engine, counted(clean_content(period=SEPTEMBER, unit="STTTT"), "A1", 5.0, 9.0))
    submit(workspace.engine, counted(clean_content(), "A1", 3.0, 4.0))
    submit(workspace.engine, counted(clean_content(unit="SNV"), "A1", 1.0, 2.0))
    clock = clock_at(workspace, "2022-10-19T12:00")
    override(workspace, "SCT", OCTOBER, 1, Verdict.REJECTED, sign("Cán bộ", "nhầm kỳ", clock))
    submit(workspace.engine, counted(clean_content(), "A1", 2.0, 4.0))

    whole = trace(workspace, OCTOBER, "A1")
    assert [(part.unit, part.version) for part in whole.parts] == [("SCT", 2), ("SNV", 1), ("STTTT", 1)]
    carried = whole.parts[-1]
    assert (carried.period, carried.decisions[-1]["action"]) == (SEPTEMBER, "carried")
    assert (whole.numerator, whole.denominator) == (8.0, 15.0)
    mine = trace(workspace, OCTOBER, "A1", "SCT")
    assert (mine.numerator, mine.denominator, mine.parts) == (2.0, 4.0, whole.parts[:1])
    assert (mine.parts[0].numerator_cell, mine.parts[0].denominator_cell) != (None, None)

    with lived_in(workspace.settings, monkeypatch):
        trace_command(OCTOBER, "A1", None, as_json=True)
        told = json.loads(capsys.readouterr().out)
        assert list(told) == ["period", "code", "numerator", "denominator", "parts"]
        assert (told["numerator"], told["parts"][0]["file"]) == (8, "tep-3.xlsx")
        trace_command(OCTOBER, "A1", "SCT")
        assert f"tiêu!{mine.parts[0].numerator_cell}," in "".join(capsys.readouterr().out.split())
    with pytest.raises(UsageError, match="B99"):
        trace(workspace, OCTOBER, "B99")
    assert trace(workspace, OCTOBER, "A4").components == ("A4.1", "A4.2")


def test_the_workbook_of_figures_names_the_cells(workspace: Workspace) -> None:
    submit(workspace.engine)
    report: Any = prepared(workspace, OCTOBER).report
    sheet = openpyxl.load_workbook(BytesIO(monthly_book(report).save()))["Theo đơn vị"]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    told = {row[rows[0].index("Mã")]: row[rows[0].index("Ô trong tệp của đơn vị")] for row in rows[1:]}
    part = trace(workspace, OCTOBER, "B7").parts[0]
    assert told["B7"] == f"{part.sheet}!{part.numerator_cell}, {part.denominator_cell}"
