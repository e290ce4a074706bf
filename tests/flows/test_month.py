"""A month end to end on real files, through the real flows, on both databases."""

import json
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from openpyxl import load_workbook
from support.months.october import COLLECTED, OCTOBER, REPORTED, lay, lay_all
from support.stores.inboxes import UNITS
from support.workbooks import samples

from baocao.operations.export import export_rows
from baocao.oversight.status import period_status
from baocao.system.clock import read_clock
from baocao.system.errors import NotDueError
from baocao.workspace.workspace import Workspace
from flows.collect import collect
from flows.report import report


def typed_sums(paths: list[Path]) -> dict[str, tuple[float, float]]:
    """Numerators and denominators by code, added up from the cells themselves."""
    sums: dict[str, tuple[float, float]] = {}
    for path in paths:
        sheet = load_workbook(path)["Chỉ tiêu"]
        rows = list(sheet.iter_rows(values_only=True))
        head = next(row for row in rows if "Tử số" in row)
        code, numerator, denominator = (head.index(name) for name in ("Mã", "Tử số", "Mẫu số"))
        for row in rows:
            if isinstance(row[numerator], int | float) and row[code]:
                before = sums.get(str(row[code]), (0.0, 0.0))
                sums[str(row[code])] = (before[0] + row[numerator], before[1] + row[denominator])
    return sums


def snapshot(workspace: Workspace) -> tuple[object, ...]:
    clock = read_clock(REPORTED, workspace.zone)
    mails = {path.name: path.read_bytes() for path in workspace.outbox_folder.rglob("*.eml")}
    return (
        period_status(workspace, OCTOBER, clock).as_row(),
        export_rows(workspace, OCTOBER, "values", "json"),
        mails,
        sorted(str(path.relative_to(workspace.home)) for path in (workspace.home / "reports").rglob("*")),
    )


def test_a_month_equals_an_independent_sum_and_repeating_it_changes_nothing(workspace: Workspace) -> None:
    sums = typed_sums([lay(workspace, unit) for unit in UNITS])
    collect("2022-10", COLLECTED)
    report("2022-10", REPORTED)

    rows = json.loads(export_rows(workspace, OCTOBER, "consolidated", "json"))
    assert len(rows) == 35
    for row in rows:
        expected = sums.get(row["code"], (None, None))
        assert (row["numerator"], row["denominator"]) == expected
        if row["denominator"]:
            assert abs(row["ratio_pct"] - expected[0] / expected[1] * 100) < 1e-9
        assert row["units_reported"] == 3
    assert not [path for path in workspace.settings.inbox_folder.rglob("*") if path.is_file()]

    before = snapshot(workspace)
    collect("2022-10", COLLECTED)
    report("2022-10", REPORTED)
    assert snapshot(workspace) == before


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # of files and mails; both have months above
def test_the_report_lies_where_it_is_promised_and_is_mailed_to_all(workspace: Workspace) -> None:
    lay_all(workspace)
    collect("2022-10", COLLECTED)
    report("2022-10", REPORTED)

    folder = workspace.home / "reports" / "2022-10" / "v1"
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {"bao-cao.docx", "bao-cao.pdf", "so-lieu.xlsx", "thu.html"} <= names
    assert {"bieu-do/chi-tieu.png", "bieu-do/dien-bien.png"} <= names
    (mail,) = workspace.outbox_folder.glob("report~2022-10~v1.eml")
    message = message_from_bytes(mail.read_bytes(), policy=policy.default)
    for recipient in workspace.plan.recipients:
        assert (recipient.email in str(message["To"])) == ("report" in recipient.roles)
    assert {part.get_filename() for part in message.iter_attachments()} == {
        "bao-cao-2022-10.docx",
        "bao-cao-2022-10.pdf",
        "so-lieu-2022-10.xlsx",
    }


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_faulty_files_cost_only_themselves(workspace: Workspace) -> None:
    lay(workspace, "STTTT")
    (workspace.settings.inbox_folder / "SCT").mkdir(parents=True)
    (workspace.settings.inbox_folder / "SCT" / "anh.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    wrong_period = lay(workspace, "SNV", period="2022-09")
    stray = wrong_period.with_name("cua-so-khac.xlsx")
    samples.write_filled(
        stray, samples.plan(), "SCT", "2022-10", samples.clean_filled(samples.plan(), "SCT", "2022-10")
    )
    collect("2022-10", COLLECTED)

    row = period_status(workspace, OCTOBER, read_clock(COLLECTED, workspace.zone)).as_row()
    states = {unit["unit"]: unit["state"] for unit in row["units"]}
    assert states == {"STTTT": "accepted", "SCT": "rejected", "SNV": "quarantined"}
    findings = json.loads(export_rows(workspace, OCTOBER, "findings", "json"))
    assert [finding["rule"] for finding in findings if finding["unit"] == "SCT"] == ["file_unreadable"]
    notes = "\n".join(path.read_text() for path in (workspace.home / "quarantine").glob("*.ghi-chu.txt"))
    assert "09/2022" in notes
    assert "SCT" in notes
    assert len([path for path in (workspace.home / "archive").rglob("*") if path.is_file()]) == 4


@pytest.mark.slow
def test_a_corrected_report_becomes_version_two_and_changed_data_restates(workspace: Workspace) -> None:
    lay_all(workspace)
    collect("2022-10", COLLECTED)
    report("2022-10", REPORTED)
    first = {
        path.name: path.read_bytes() for path in (workspace.home / "reports/2022-10/v1").iterdir() if path.is_file()
    }

    lay(workspace, "SCT", "ban-sua.xlsx", seed=7)
    later = datetime(2022, 10, 26, 9)
    collect("2022-10", later)
    with pytest.raises(NotDueError, match="đã thay đổi"):
        report("2022-10", later)
    assert not list(workspace.outbox_folder.glob("report~2022-10~v2*"))
    report("2022-10", later, is_restatement=True, reason="SCT nộp lại")

    row = period_status(workspace, OCTOBER, read_clock(later, workspace.zone)).as_row()
    assert row["report"]["version"] == 2
    (sct,) = (unit for unit in row["units"] if unit["unit"] == "SCT")
    assert (sct["version"], sct["timeliness"]) == (2, "on_time")
    for name, content in first.items():
        assert (workspace.home / "reports/2022-10/v1" / name).read_bytes() == content
    (mail,) = workspace.outbox_folder.glob("report~2022-10~v2.eml")
    assert "Đính chính" in str(message_from_bytes(mail.read_bytes(), policy=policy.default)["Subject"])
