"""Đính chính: why a published report is corrected, and how later months tell of it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from content_factory import clean_content, edited
from house_factory import clock_at, house
from store_factory import submit

from baocao.consolidation.restatement import figures_of
from baocao.domain.narrative import narrate
from baocao.domain.period import Period
from baocao.domain.report import Report
from baocao.errors import NotDueError
from baocao.reporting import Prepared, ensure_changed, prepare_report
from baocao.store import reports
from baocao.store.database import writing
from baocao.workspace import Workspace

SEPTEMBER, OCTOBER, NOVEMBER = Period(2022, 9), Period(2022, 10), Period(2022, 11)


@pytest.fixture
def workspace(tmp_path: Path, database_url: str) -> Iterator[Workspace]:
    made = house(tmp_path / "home", database_url)
    yield made
    made.engine.dispose()


def publish(workspace: Workspace, period: Period, at: str, reason: str = "") -> Prepared:
    """Make and close a version, without rendering and mailing it."""
    clock = clock_at(workspace, at)
    prepared = prepare_report(workspace, period, clock, is_draft=False, reason=reason)
    assert prepared.record
    with writing(workspace.engine) as connection:
        assert reports.publish(connection, prepared.record, figures_of(prepared.report), clock.now)
    return prepared


def test_the_reason_stands_beside_every_changed_figure(workspace: Workspace) -> None:
    with pytest.raises(NotDueError, match="chưa có báo cáo nào phát hành"):
        ensure_changed(workspace, OCTOBER)
    submit(workspace.engine)
    publish(workspace, OCTOBER, "2022-10-24T08:00", "không phải đính chính")
    with pytest.raises(NotDueError, match="không có gì đính chính"):
        ensure_changed(workspace, OCTOBER)

    submit(workspace.engine, edited(clean_content(), "figures", "A1", numerator=90.0))
    ensure_changed(workspace, OCTOBER)
    first = prepare_report(
        workspace, OCTOBER, clock_at(workspace, "2022-10-27T08:00"), is_draft=False, reason="rà soát"
    )
    again = prepare_report(workspace, OCTOBER, clock_at(workspace, "2022-10-28T08:00"), is_draft=False)
    assert first.report == again.report
    (changed,) = again.report.restatements
    assert (changed.code, changed.published, changed.corrected) == ("A1", "100/100 (100%)", "90/100 (90%)")
    assert changed.reason == "rà soát"


def test_a_later_month_tells_of_an_earlier_one_that_was_corrected(workspace: Workspace) -> None:
    september = clean_content(period=SEPTEMBER, cutoff=date(2022, 9, 18))
    submit(workspace.engine, september)
    publish(workspace, SEPTEMBER, "2022-09-23T08:00")
    submit(workspace.engine)
    october = publish(workspace, OCTOBER, "2022-10-24T08:00").report
    assert october.earlier_restatements == ()

    submit(workspace.engine, edited(september, "figures", "A1", numerator=80.0))
    publish(workspace, SEPTEMBER, "2022-11-01T08:00", "đơn vị gửi lại số liệu")
    submit(workspace.engine, clean_content(period=NOVEMBER, cutoff=date(2022, 11, 18)))
    report = prepare_report(workspace, NOVEMBER, clock_at(workspace, "2022-11-24T08:00"), is_draft=False).report
    (earlier,) = report.earlier_restatements
    assert (earlier.period, earlier.version, earlier.reason) == (SEPTEMBER, 2, "đơn vị gửi lại số liệu")
    assert isinstance(report, Report)
    lead, item = narrate(report).results[-2:]
    why = "bản 2, ngày 01/11/2022; lý do: đơn vị gửi lại số liệu"
    assert lead == f"Số liệu tháng 9 năm 2022 đã được đính chính ({why}); 01 số liệu thay đổi:"
    assert item == f"- {earlier.changes[0].name} (A1): đã công bố 100/100 (100%), nay là 80/100 (80%)."
    many = replace_changes(report, 7)
    assert narrate(many).results[-1] == "- Và 02 số liệu khác, xem báo cáo đính chính tháng 9 năm 2022."
    none = replace_changes(report, 0).model_copy(update={"phase": "đợt nhân rộng"})
    assert narrate(none).results[-1].endswith("; các tỷ lệ của toàn đợt nhân rộng không thay đổi.")


def test_where_only_the_sum_of_the_months_changed_that_sum_is_printed(workspace: Workspace) -> None:
    september = clean_content(period=SEPTEMBER, cutoff=date(2022, 9, 18))
    submit(workspace.engine, september)
    submit(workspace.engine)
    publish(workspace, OCTOBER, "2022-10-24T08:00")
    submit(workspace.engine, edited(september, "figures", "A3", numerator=80.0, note="x"))
    report = prepare_report(
        workspace, OCTOBER, clock_at(workspace, "2022-10-27T08:00"), is_draft=False, reason="x"
    ).report
    (changed,) = report.restatements
    assert (changed.code, changed.published, changed.corrected) == (
        "A3",
        "lũy kế 200/200 (100%)",
        "lũy kế 180/200 (90%)",
    )


def replace_changes(report: Report, count: int) -> Report:
    (earlier,) = report.earlier_restatements
    more = earlier.model_copy(update={"changes": earlier.changes * count})
    return report.model_copy(update={"earlier_restatements": (more,)})
