"""Đính chính: why a published report is corrected, and how later months tell of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from unittest.mock import ANY

import pytest
from support.reports.words import part
from support.stores.facts import submit
from support.stores.houses import clock_at
from support.workbooks.content import clean_content, edited

from baocao.decisions.signing import CORRECTION, sign
from baocao.domain.planned.period import Period
from baocao.domain.reported.report import Report
from baocao.domain.signature import Signature
from baocao.render.papers import paper_of
from baocao.render.pdf import render_pdf
from baocao.reporting.corrections import ensure_said
from baocao.reporting.preparation import prepare_report
from baocao.reporting.prepared import Prepared
from baocao.store import audit, reports
from baocao.store.accepted.facts import load_facts
from baocao.store.engine.database import reading, writing
from baocao.system.errors import NotDueError, UsageError
from baocao.workspace.workspace import Workspace

SEPTEMBER, OCTOBER, NOVEMBER = Period(2022, 9), Period(2022, 10), Period(2022, 11)
LATER = datetime(2022, 10, 27, 1, tzinfo=UTC)


def publish(workspace: Workspace, period: Period, at: str, reason: str = "") -> Prepared:
    """Make and close a version, without rendering and mailing it."""
    clock, correction = clock_at(workspace, at), Signature("Cán bộ", reason, LATER) if reason else None
    prepared = prepare_report(workspace, period, clock, is_draft=False, correction=correction)
    assert prepared.record
    with writing(workspace.engine) as connection:
        assert reports.publish(connection, prepared.record, prepared.report.figures, clock.now)
    return prepared


@pytest.mark.slow
def test_the_reason_stands_beside_every_changed_figure(workspace: Workspace) -> None:
    correction = Signature("Cán bộ", "rà soát", LATER)
    with pytest.raises(NotDueError, match="chưa có báo cáo nào phát hành"):
        ensure_said(workspace, OCTOBER, correction)
    submit(workspace.engine)
    publish(workspace, OCTOBER, "2022-10-24T08:00")
    with pytest.raises(NotDueError, match="không có gì đính chính"):
        ensure_said(workspace, OCTOBER, correction)

    submit(workspace.engine, edited(clean_content(), "figures", "A1", numerator=90.0))
    ensure_said(workspace, OCTOBER, correction)
    first = prepare_report(
        workspace, OCTOBER, clock_at(workspace, "2022-10-27T08:00"), is_draft=False, correction=correction
    )
    again = prepare_report(workspace, OCTOBER, clock_at(workspace, "2022-10-28T08:00"), is_draft=False)
    assert first.report == again.report
    (changed,) = again.report.restatements
    assert (changed.code, changed.published, changed.corrected) == ("A1", "100/100 (100%)", "90/100 (90%)")
    assert changed.reason == "rà soát"


@pytest.mark.slow
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
    lead, item = part(report, "results")[-2:]
    why = "bản 2, ngày 01/11/2022; lý do: đơn vị gửi lại số liệu"
    assert lead == f"Số liệu tháng 9 năm 2022 đã được đính chính ({why}); 01 số liệu thay đổi:"
    assert item == f"- {earlier.changes[0].name} (A1): đã công bố 100/100 (100%), nay là 80/100 (80%)."
    many = replace_changes(report, 7)
    assert part(many, "results")[-1] == "- Và 02 số liệu khác, xem báo cáo đính chính tháng 9 năm 2022."
    none = replace_changes(report, 0).model_copy(update={"phase": "đợt nhân rộng"})
    assert part(none, "results")[-1].endswith("; các tỷ lệ của toàn đợt nhân rộng không thay đổi.")


def test_where_only_the_sum_of_the_months_changed_that_sum_is_printed(workspace: Workspace) -> None:
    september = clean_content(period=SEPTEMBER, cutoff=date(2022, 9, 18))
    submit(workspace.engine, september)
    submit(workspace.engine)
    publish(workspace, OCTOBER, "2022-10-24T08:00")
    submit(workspace.engine, edited(september, "figures", "A3", numerator=80.0, note="x"))
    report = prepare_report(
        workspace,
        OCTOBER,
        clock_at(workspace, "2022-10-27T08:00"),
        is_draft=False,
        correction=Signature("Nguyễn Văn A", "x", LATER),
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


def test_a_home_that_holds_parts_of_seconds_goes_on(workspace: Workspace) -> None:
    """Reports were once numbered at moments with microseconds, which no PDF takes for its date."""
    submit(workspace.engine)
    with writing(workspace.engine) as connection:
        facts = load_facts(connection, workspace.plan, OCTOBER)
        broken = clock_at(workspace, "2022-10-24T08:00").now.replace(microsecond=123_456)
        reports.prepare(connection, "thang", OCTOBER, facts.basis, broken)
    prepared = prepare_report(workspace, OCTOBER, clock_at(workspace, "2022-10-25T08:00"), is_draft=False)
    assert prepared.report.made_at == broken.replace(microsecond=0)
    assert isinstance(prepared.report, Report)
    assert render_pdf(paper_of(prepared.report), {}).startswith(b"%PDF")


def test_changed_data_are_never_published_without_a_word_and_a_reason(workspace: Workspace) -> None:
    submit(workspace.engine)
    first = publish(workspace, OCTOBER, "2022-10-24T08:00").record
    assert first
    submit(workspace.engine, edited(clean_content(), "figures", "A1", numerator=90.0))
    later = clock_at(workspace, "2022-10-27T08:00")
    with pytest.raises(UsageError, match="nêu lý do"):
        sign("Cán bộ", "  ", later, demand=CORRECTION)
    for refused in (ensure_said, partial(prepare_report, clock=later, is_draft=False)):
        with pytest.raises(NotDueError, match=r"đã thay đổi từ báo cáo lần 1.*--restate --reason"):
            refused(workspace, OCTOBER, correction=None)
    with reading(workspace.engine) as connection:
        assert reports.every(connection) == [replace(first, state="published", figures=ANY, sent_at=ANY)]
        assert audit.entries(connection) == []
    assert prepare_report(workspace, OCTOBER, later, is_draft=True).record is None


@pytest.mark.slow
def test_a_correction_is_in_the_audit_once_and_goes_on_without_being_said_again(workspace: Workspace) -> None:
    submit(workspace.engine)
    publish(workspace, OCTOBER, "2022-10-24T08:00")
    submit(workspace.engine, edited(clean_content(), "figures", "A1", numerator=90.0))
    word, later = Signature("Nguyễn Văn Mẫu", "đơn vị gửi lại", LATER), clock_at(workspace, "2022-10-27T08:00")
    for correction in (word, word, None):
        assert prepare_report(workspace, OCTOBER, later, is_draft=False, correction=correction).report.version == 2
    publish(workspace, OCTOBER, "2022-10-27T09:00", word.reason)
    prepare_report(workspace, OCTOBER, later, is_draft=False, correction=word)  # a run that is tried again
    with reading(workspace.engine) as connection:
        (entry,) = audit.entries(connection, OCTOBER)
    assert (entry.who, entry.action, entry.subject, entry.reason) == (
        "Nguyễn Văn Mẫu",
        "restate",
        "report/2022-10/v2",
        "đơn vị gửi lại",
    )


def test_equal_facts_have_the_basis_that_they_always_had(workspace: Workspace) -> None:
    """Another formula would call every published report changed after an upgrade; so this value never changes."""
    submit(workspace.engine)
    submit(workspace.engine, clean_content(unit="SNV"))
    with reading(workspace.engine) as connection:
        basis = load_facts(connection, workspace.plan, OCTOBER).basis
    assert basis == "ff861902a9bc1c5fe6f6f05a90ebeed03892a74ecb6e0fe261a4acc2f9c570d1"


def test_what_changed_is_printed_also_where_it_is_the_cumulative_alone(workspace: Workspace) -> None:
    september = clean_content(period=SEPTEMBER, cutoff=date(2022, 9, 18))
    for content in (september, clean_content()):
        submit(workspace.engine, content)
    publish(workspace, OCTOBER, "2022-10-24T08:00")
    submit(workspace.engine, edited(september, "figures", "A3", numerator=80.0))
    submit(workspace.engine, edited(clean_content(), "figures", "A4.1", numerator=60.0))
    word, at = Signature("Cán bộ", "rà soát", LATER), clock_at(workspace, "2022-10-27T08:00")
    told = prepare_report(workspace, OCTOBER, at, is_draft=False, correction=word).report.restatements
    assert {one.code: (one.published, one.corrected) for one in told} == {
        "A3": ("lũy kế 200/200 (100%)", "lũy kế 180/200 (90%)"),
        "A4.1": ("100/100 (100%); lũy kế 200/200 (100%)", "60/100 (60%); lũy kế 160/200 (80%)"),
    }
