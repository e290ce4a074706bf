"""The page that each unit's head is mailed when a report is published: its own result, its place, what is due."""

from typing import Any

import pytest
from support.reports.monthly import sample_report
from support.reports.papers import UNITS, Ending, final_assessment
from support.stores.facts import submit
from support.stores.houses import clock_at, house
from support.workbooks.content import clean_content

from baocao.domain.planned.choices import UnitPage
from baocao.domain.planned.period import Period
from baocao.domain.reported.outcome import Outcome
from baocao.narrative.phrases import padded
from baocao.narrative.unit_page import head_pages
from baocao.reporting.preparation import prepare_report, publish_report
from baocao.reporting.unit_letters import unit_letters
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import list_messages
from baocao.workspace.workspace import Workspace

REPORT = sample_report("2022-10", missing=["SNV"], late=["SCT"])


def test_a_page_says_its_own_result_its_place_and_what_is_due() -> None:
    pages = head_pages(REPORT, UnitPage.ANONYMOUS)
    assert list(pages) == [one.unit for one in REPORT.standings]
    own = pages["SCT"]
    parts = {one.code for one in REPORT.figures if one.is_headline and one.code not in ("A4", "B8")}
    parts |= {one.code for one in REPORT.figures if one.indicator in ("A4", "B8") and not one.is_headline}
    judged = [one for one in REPORT.unit_cells() if one.unit == "SCT" and one.code in parts]
    missed = [one.code for one in judged if one.outcome is Outcome.MISSED]
    reached = sum(one.outcome is Outcome.REACHED for one in judged)
    start = f"Kết quả tháng 10 năm 2022: trong {padded(len(judged))} tỷ lệ, {padded(reached)} đạt, "
    assert own.result.startswith(f"{start}{padded(len(missed))} chưa đạt")
    assert [name.rpartition("(")[2].rstrip(")") for name, _, _ in own.missed] == missed
    assert "trong 02 đơn vị có số liệu" in own.place
    assert {row["don_vi"] for row in own.due} == {"Sở Công Thương"}
    assert [one.name for one in REPORT.standings if one.name in str(own)] == ["Sở Công Thương"]

    silent = pages["SNV"]
    assert silent.result.startswith("Chưa có báo cáo tháng 10 năm 2022 được chấp nhận")
    assert (silent.place, silent.tasks, silent.missed) == ("", "", ())
    assert silent.due[0]["viec"] == "Nộp báo cáo tháng 10 năm 2022"
    first, second = head_pages(REPORT, UnitPage.NAMED)["SCT"].others
    assert first.startswith("01. Sở ")
    assert second.startswith("02. Sở ")


def test_the_final_assessment_judges_headlines_and_equal_shares_have_one_place() -> None:
    counts = {one.code: (100.0, 100.0) for one in REPORT.figures if one.numerator is not None}
    pages = head_pages(final_assessment({unit: Ending(counts) for unit in UNITS}), UnitPage.ANONYMOUS)
    assert {page.place.partition(" (")[0] for page in pages.values()} == {"Thứ hạng: 01 trong 03 đơn vị có số liệu"}
    assert pages["SCT"].result == "Kết quả toàn đợt thí điểm: trong 15 tỷ lệ, 15 đạt."


@pytest.mark.parametrize("wish", UnitPage)
def test_each_head_with_an_address_is_written_to_once_and_names_nobody_else(tmp_path: Any, wish: UnitPage) -> None:
    workspace = house(tmp_path, "")
    workspace.__dict__["plan"] = workspace.plan.model_copy(update={"unit_page": wish})
    period = Period(2022, 10)
    for unit in ("STTTT", "SCT"):
        submit(workspace.engine, clean_content(unit=unit, period=period))
    for _ in range(2):
        publish(workspace, period)
    with reading(workspace.engine) as connection:
        letters = {one.key: one for one in list_messages(connection) if one.kind == "result"}
    if wish is UnitPage.OFF:
        assert letters == {}
        return
    heads = {f"result/2022-10/v1/{unit.code}": unit.head_email for unit in workspace.plan.units}
    assert {key: one.deliveries[0].recipient for key, one in letters.items()} == heads
    text = (workspace.outbox_folder / "result~2022-10~v1~SCT.eml").read_bytes()
    assert text.count(b"Content-Disposition: attachment") == 0
    (own,) = (one for one in unit_letters(workspace, REPORT) if one.unit == "SCT")
    assert ("Sở Thông tin và Truyền thông: " in own.text) is (wish is UnitPage.NAMED)


def publish(workspace: Workspace, period: Period) -> None:
    clock = clock_at(workspace, f"{period}-24T08:00")
    publish_report(workspace, prepare_report(workspace, period, clock, is_draft=False), clock)
