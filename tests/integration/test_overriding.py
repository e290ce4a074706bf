"""Decisions by hand: they count, they are told and written down, and nothing automatic ever undoes them."""

from datetime import datetime

import pytest
from support.stores.facts import OCTOBER, submit
from support.stores.houses import clock_at
from support.workbooks.content import clean_content, edited

from baocao.decisions.overrides import extend, override
from baocao.decisions.signing import sign
from baocao.decisions.versions import compare, list_versions, show_version
from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Finding, Severity
from baocao.domain.received.submission import Timeliness, Verdict
from baocao.domain.signature import Signature
from baocao.operations.export import export_rows
from baocao.oversight.status import period_status
from baocao.reporting.preparation import prepare_report
from baocao.store.audit import entries
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import list_messages
from baocao.system.errors import NotDueError, UsageError
from baocao.workspace.workspace import Workspace

WRONG = Finding("ratio_mismatch", Severity.CRITICAL, "Tỷ lệ không khớp (số liệu mô phỏng).")


def signed(workspace: Workspace) -> Signature:
    return sign("Trần Thị  Mẫu ", " đã đối chiếu công văn ", clock_at(workspace, "2022-10-21T09:00"))


def state(workspace: Workspace, unit: str = "SCT") -> tuple[str, str, int | None]:
    row = period_status(workspace, OCTOBER, clock_at(workspace, "2022-10-21T09:00")).as_row()
    (found,) = (one for one in row["units"] if one["unit"] == unit)
    return found["state"], found["timeliness"], found["version"]


def basis(workspace: Workspace) -> str:
    prepared = prepare_report(workspace, OCTOBER, clock_at(workspace, "2022-10-24T08:00"), is_draft=False)
    assert prepared.record
    return prepared.record.basis


def count(workspace: Workspace) -> int:
    return export_rows(workspace, OCTOBER, "values", "json").count(b'"SCT"')


def test_an_accepted_return_counts_and_its_figures_with_it(workspace: Workspace) -> None:
    submit(workspace.engine, findings=[WRONG])
    assert (state(workspace), count(workspace)) == (("rejected", "on_time", 1), 0)
    override(workspace, "SCT", OCTOBER, 1, Verdict.ACCEPTED, signed(workspace))
    assert state(workspace) == ("accepted", "on_time", 1)
    assert count(workspace) == 35

    (one,) = list_versions(workspace, OCTOBER)
    assert one.is_effective
    assert (one.submission.decided_by, one.submission.decision_reason) == ("Trần Thị Mẫu", "đã đối chiếu công văn")
    with reading(workspace.engine) as connection:
        (entry,) = entries(connection, OCTOBER)
        (letter,) = list_messages(connection, kind="decision")
    assert (entry.who, entry.action, entry.subject) == ("Trần Thị Mẫu", "override", "SCT/2022-10/v1")
    assert entry.details["from"] == "rejected"
    assert (letter.unit, len(letter.deliveries)) == ("SCT", 1)
    assert (workspace.outbox_folder / letter.eml_file).is_file()


def test_automation_never_flips_a_decision(workspace: Workspace) -> None:
    submit(workspace.engine)
    override(workspace, "SCT", OCTOBER, 1, Verdict.REJECTED, signed(workspace))
    assert state(workspace) == ("rejected", "on_time", 1)
    assert count(workspace) == 0

    submit(workspace.engine, findings=[WRONG])
    assert state(workspace)[0] == "rejected"
    submit(workspace.engine, edited(clean_content(), "figures", "A1", numerator=90.0))
    assert state(workspace) == ("accepted", "on_time", 3)
    first = list_versions(workspace, OCTOBER)[0].submission
    assert (first.verdict, first.decided_by) == (Verdict.REJECTED, "Trần Thị Mẫu")


def test_a_later_return_does_not_push_out_what_a_person_accepted(workspace: Workspace) -> None:
    submit(workspace.engine, findings=[WRONG])
    override(workspace, "SCT", OCTOBER, 1, Verdict.ACCEPTED, signed(workspace))
    submit(workspace.engine, findings=[WRONG])
    assert state(workspace) == ("accepted", "on_time", 1)
    override(workspace, "SCT", OCTOBER, 1, Verdict.REJECTED, signed(workspace))
    assert state(workspace) == ("rejected", "on_time", 2)


def test_rejecting_the_newest_brings_the_one_before_back(workspace: Workspace) -> None:
    submit(workspace.engine)
    submit(workspace.engine, edited(clean_content(), "figures", "A1", numerator=90.0))
    before = basis(workspace)
    override(workspace, "SCT", OCTOBER, 2, Verdict.REJECTED, signed(workspace))
    assert state(workspace) == ("accepted", "on_time", 1)
    assert basis(workspace) != before


@pytest.mark.parametrize(
    ("version", "verdict", "message"), [(2, "rejected", "các lần đã nộp: 1"), (1, "accepted", "không có gì để đổi")]
)
def test_decisions_about_nothing_are_refused(workspace: Workspace, version: int, verdict: str, message: str) -> None:
    submit(workspace.engine)
    with pytest.raises(UsageError, match=message):
        override(workspace, "SCT", OCTOBER, version, Verdict(verdict), signed(workspace))
    with pytest.raises(UsageError, match="không có đơn vị"):
        override(workspace, "XYZ", OCTOBER, 1, Verdict.REJECTED, signed(workspace))
    with pytest.raises(UsageError, match="--name"):
        sign(" ", "lý do", clock_at(workspace, "2022-10-21T09:00"))
    with reading(workspace.engine) as connection:
        assert entries(connection) == []


def test_a_file_without_figures_cannot_be_accepted(workspace: Workspace) -> None:
    from dataclasses import replace

    broken = Finding("file_unreadable", Severity.CRITICAL, "Không đọc được.")
    submit(workspace.engine, replace(clean_content(), tables={}), [broken])
    with pytest.raises(UsageError, match="gửi lại tệp"):
        override(workspace, "SCT", OCTOBER, 1, Verdict.ACCEPTED, signed(workspace))


def test_an_extension_judges_anew_what_came_and_what_comes(workspace: Workspace) -> None:
    submitted = submit(workspace.engine)  # received 18/10 16:00 local, judged by 20/10 07:00 local
    assert submitted.timeliness is Timeliness.ON_TIME
    with reading(workspace.engine) as connection:
        assert entries(connection) == []
    clock = clock_at(workspace, "2022-10-21T09:00")
    from sqlalchemy import update

    from baocao.store.engine.database import writing
    from baocao.store.schema.reporting import submission

    with writing(workspace.engine) as connection:
        connection.execute(update(submission).values(received_at=clock.now, timeliness=Timeliness.LATE))
    before = basis(workspace)

    rejudged = extend(workspace, "SCT", OCTOBER, datetime(2022, 10, 21, 17), signed(workspace))
    assert [(old.timeliness, new.timeliness) for old, new in rejudged] == [(Timeliness.LATE, Timeliness.ON_TIME)]
    assert state(workspace) == ("accepted", "on_time", 1)
    assert basis(workspace) != before
    with reading(workspace.engine) as connection:
        (entry,) = entries(connection)
        (letter,) = list_messages(connection, kind="decision")
    assert entry.details["timeliness"] == {"v1": ["late", "on_time"]}
    assert "Gia hạn" in letter.subject

    with pytest.raises(UsageError, match="không rút ngắn"):
        extend(workspace, "SCT", OCTOBER, datetime(2022, 10, 20, 17), signed(workspace))
    assert state(workspace)[1] == "on_time"
    with pytest.raises(UsageError, match="gia hạn"):
        extend(workspace, "SCT", OCTOBER, datetime(2022, 10, 19, 17), signed(workspace))
    assert extend(workspace, "SNV", OCTOBER, datetime(2022, 10, 21, 17), signed(workspace)) == []


def test_versions_are_shown_and_compared(workspace: Workspace) -> None:
    submit(workspace.engine, findings=[WRONG])
    with pytest.raises(NotDueError, match="mới nộp một lần"):
        compare(workspace, "SCT", OCTOBER)
    submit(workspace.engine, edited(clean_content(), "figures", "A1", numerator=90.0, evidence="VB 2/BC"))
    assert [change.as_row() for change in compare(workspace, "SCT", OCTOBER).changes] == [
        {"sheet": "Chỉ tiêu", "row": "A1", "column": "Tử số", "before": 100, "after": 90},
        {"sheet": "Chỉ tiêu", "row": "A1", "column": "Minh chứng", "before": "VB 1/BC", "after": "VB 2/BC"},
    ]
    assert compare(workspace, "SCT", OCTOBER, 2, 2).changes == ()
    row = show_version(workspace, "SCT", OCTOBER).as_row()
    assert (row["version"], row["is_effective"], row["findings"]) == (2, True, [])
    assert row["content"]["figures"][0]["numerator"] == 90
    first = show_version(workspace, "SCT", OCTOBER, 1).as_row()
    assert first["findings"][0]["rule"] == "ratio_mismatch"
    for unit, period in (("SNV", OCTOBER), ("SCT", Period(2031, 1))):
        with pytest.raises(UsageError):
            show_version(workspace, unit, period)
