"""The sample roll-out plan: other units, other dates, no other code; a month of it from files to mails."""

from collections import Counter
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from openpyxl import load_workbook
from support import ROOT
from support.months.life import live, published, workspace_of

from baocao.domain.planned.form import FormKind
from baocao.domain.planned.period import Period
from baocao.domain.planned.unit import Level
from baocao.domain.received.submission import UnitState
from baocao.domain.reported.report import Report
from baocao.plan.loading import load_plan

FOLDER = ROOT / "plans" / "nhan-rong-mau"
PLAN = load_plan(FOLDER)
FIRST = Period(2026, 12)
_OF_THE_PILOT = ("Ninh Bình", "Sở Thông tin và Truyền thông", "1049/QĐ-UBND", "mức độ 4", "Nghị định số 42/2022")


def test_it_is_a_sample_of_departments_and_communes_for_a_year_to_come() -> None:
    months = [period for period in PLAN.periods if PLAN.form_of(period).kind is FormKind.MONTHLY]

    assert PLAN.is_sample
    assert not PLAN.is_report_copied_to_units
    assert Counter(unit.level for unit in PLAN.units) == {Level.DEPARTMENT: 14, Level.COMMUNE: 6}
    assert (str(months[0]), str(months[-1]), len(months)) == ("2026-12", "2027-11", 12)
    assert (PLAN.pilot.start, PLAN.pilot.end) == (date(2026, 12, 1), date(2027, 11, 30))


def test_its_addresses_can_reach_nobody() -> None:
    addresses = [unit.email for unit in PLAN.units] + [unit.head_email for unit in PLAN.units]
    addresses += [recipient.email for recipient in PLAN.recipients]

    assert all(address.endswith(".example") for address in addresses)
    assert len({unit.email for unit in PLAN.units}) == len(PLAN.units)


def test_nothing_of_the_pilot_is_left_in_its_words() -> None:
    words = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.yaml"))
    told = [line for line in words.splitlines() if not line.lstrip().startswith("#") and "basis" not in line]

    assert not [line for line in told if any(word in line for word in _OF_THE_PILOT)]


@pytest.mark.slow
def test_a_month_of_it_runs_from_the_files_to_the_mails(tmp_path: Path) -> None:
    workspace = workspace_of(FOLDER, tmp_path)

    live(workspace, [FIRST])
    report = published(workspace, FIRST).report

    assert isinstance(report, Report)
    accepted = [one for one in report.standings if one.state is UnitState.ACCEPTED]
    assert len(accepted) >= 18
    assert report.figures[0].units_reported == len(accepted)
    (path,) = workspace.outbox_folder.glob("report~*.eml")
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    to = {address.addr_spec for address in mail["To"].addresses}
    assert to == {"bcd.chuyendoiso@tinh-mau.example", "vanthu.ubnd@tinh-mau.example"}
    text = mail.get_body(("plain",)).get_content()
    assert "SỐ LIỆU MÔ PHỎNG" in text
    assert "Toàn đợt nhân rộng:" in text
    assert "thí điểm" not in text
    book = load_workbook(tmp_path / "reports" / "2026-12" / "v1" / "so-lieu.xlsx", read_only=True)
    assert book["Tổng hợp"]["A1"].value == "Kết quả các chỉ tiêu tháng 12 năm 2026"
    assert (tmp_path / "reports" / "2026-12" / "v1" / "bao-cao.pdf").stat().st_size > 50_000
