"""The store on both databases: versions numbered once, facts read back as they were, reports published once."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from support.stores.databases import NOW, Open
from support.stores.facts import DEADLINE, OCTOBER, RECEIVED, filed, submit, take
from support.stores.processes import start_together, worker
from support.workbooks.content import PLAN, clean_content, counted, edited, with_rows

from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Finding, Severity
from baocao.domain.received.submission import Row, Timeliness, Verdict
from baocao.store import receipts, reports, submissions
from baocao.store.accepted import facts
from baocao.store.accepted.history import history_of
from baocao.store.engine.database import reading, writing
from baocao.store.reports import ReportState
from baocao.store.schema.reporting import submission

CRITICAL = Finding("negative", Severity.CRITICAL, "Số âm.", "Chỉ tiêu", "D8", "A1", "-5", "số không âm")
WARNING = Finding("row_unknown", Severity.WARNING, "Mã lạ.")


def test_versions_are_numbered_for_each_unit_form_and_period(open_engine: Open) -> None:
    engine = open_engine()
    contents = [
        clean_content(),
        clean_content(unit="SNV"),
        clean_content(),
        clean_content(period=Period(2022, 11)),
        clean_content(form="phan-cong", period=OCTOBER),
        clean_content(),
    ]
    assert [submit(engine, content).version for content in contents] == [1, 1, 2, 1, 1, 3]


def test_a_batch_is_numbered_in_its_order(open_engine: Open) -> None:
    engine = open_engine()
    submit(engine)
    batch = [filed(take(engine, name), clean_content()) for name in ("b.xlsx", "a.xlsx")]
    with writing(engine) as connection:
        saved = submissions.save(connection, batch)
        assert submissions.save(connection, []) == []
    assert [(one.receipt_id, one.version) for one in saved] == [(batch[0].receipt.id, 2), (batch[1].receipt.id, 3)]
    with reading(engine) as connection:
        assert submissions.of_period(connection, OCTOBER)[1:] == saved
        assert submissions.by_receipt(connection, [batch[1].receipt.id]) == {batch[1].receipt.id: saved[1]}


@pytest.mark.slow
def test_two_processes_filing_at_once_get_different_versions(
    database_url: str, open_engine: Open, tmp_path: Path
) -> None:
    engine = open_engine()
    with worker("file", database_url, tmp_path) as one, worker("file", database_url, tmp_path) as other:
        start_together(tmp_path, one, other)
        told = [process.communicate(timeout=60)[0].split() for process in (one, other)]
    assert (one.returncode, other.returncode) == (0, 0)
    assert sorted(int(version) for lines in told for version in lines) == list(range(1, 11))
    with reading(engine) as connection:
        assert len(submissions.of_period(connection, OCTOBER)) == 10


def test_one_receipt_is_filed_once(open_engine: Open) -> None:
    engine = open_engine()
    one = filed(take(engine, "a.xlsx"), clean_content())
    with writing(engine) as connection:
        submissions.save(connection, [one])
    with pytest.raises(IntegrityError), writing(engine) as connection:
        submissions.save(connection, [one])
    with reading(engine) as connection:
        assert len(submissions.of_period(connection, OCTOBER)) == 1
        assert receipts.still_mine(connection, [one.receipt.id]) == set()


@pytest.mark.parametrize(
    ("late_by", "expected"),
    [(timedelta(microseconds=-1), Timeliness.ON_TIME), (timedelta(), Timeliness.LATE), (timedelta(1), Timeliness.LATE)],
)
def test_timeliness_is_judged_at_receipt_and_kept_with_its_deadline(
    open_engine: Open, late_by: timedelta, expected: Timeliness
) -> None:
    engine = open_engine()
    one = replace(take(engine, "a.xlsx"), received_at=DEADLINE + late_by)
    with writing(engine) as connection:
        submissions.save(connection, [filed(one, clean_content())])
    with reading(engine) as connection:
        (saved,) = submissions.of_period(connection, OCTOBER)
    assert (saved.timeliness, saved.submit_before, saved.received_at) == (expected, DEADLINE, DEADLINE + late_by)


def _full(form: str) -> Any:
    content = clean_content(form=form)
    difficulty = {
        "difficulty": "=1+1",
        "cause": None,
        "proposal": "Đề nghị",
        "settled_by": "UBND",
        "is_beyond_authority": True,
    }
    if form == "thang":
        content = counted(content, "A1", 1234.0, 5678.0, evidence="Văn bản số 1/BC")
        content = counted(content, "A3", 0.0, 0.0, evidence=None)
        content = edited(content, "tasks", "III.1.1", done_date=date(2022, 10, 5), product="QĐ 2", progress_pct=99.5)
        content = with_rows(content, "difficulties", difficulty, {**difficulty, "is_beyond_authority": None})
    if form == "phan-cong":
        item = {"purpose": "Mua máy quét", "task": "III.2.1", "amount_mil_vnd": 1.5, "source": "Ngân sách tỉnh"}
        content = with_rows(content, "budget", item, {**item, "amount_mil_vnd": None})
    return content


@pytest.mark.parametrize(("form", "period"), [("thang", "2022-10"), ("phan-cong", "2022-08"), ("tong-ket", "2023-03")])
def test_what_is_saved_is_read_back_the_same(open_engine: Open, form: str, period: str) -> None:
    engine = open_engine()
    content = replace(_full(form), period=Period.parse(period))
    submit(engine, content)
    with reading(engine) as connection:
        for key, table in content.tables.items():
            frame = facts.frame_of(connection, key, form, Period.parse(period)).drop(
                columns=["cutoff_date", "is_set_aside"], errors="ignore"
            )
            kept = frame.astype(object).where(frame.notna(), None).to_dict("records")
            assert [_plain(row) for row in kept] == _expected(table.rows, period, set(frame.columns))
            assert len(kept) == len(table.rows)


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    """A row of a frame; SQLite gives dates as text and truths as numbers."""
    values = {str(key): value for key, value in row.items() if key != "ordinal"}
    for key in [key for key in values if key.endswith("_date") and isinstance(values[key], str)]:
        values[key] = date.fromisoformat(values[key])
    if values.get("is_beyond_authority") is not None:
        values["is_beyond_authority"] = bool(values["is_beyond_authority"])
    return values


def _expected(rows: tuple[Row, ...], period: str, columns: set[str]) -> list[dict[str, Any]]:
    head = {"period": period, "unit": "SCT", "submission_version": 1}
    names = columns - set(head) - {"ordinal", "code"}
    found = [
        head | ({"code": row.code} if row.code else {}) | {name: row.values.get(name) for name in names} for row in rows
    ]
    return sorted(found, key=lambda row: row.get("code", ""))


def test_only_the_newest_accepted_version_counts(open_engine: Open) -> None:
    engine = open_engine()
    submit(engine, clean_content())
    second = submit(engine, clean_content(), [WARNING])
    submit(engine, clean_content(), [CRITICAL])
    submit(engine, clean_content(unit="SNV"), [CRITICAL])
    late = submit(engine, clean_content(period=Period(2022, 9)))
    with reading(engine) as connection:
        assert facts.effective(connection, "thang", OCTOBER) == [second, late]
        assert facts.effective(connection, "thang", Period(2022, 9)) == [late]
        assert facts.effective(connection, "phan-cong", OCTOBER) == []
        assert len(facts.submissions_up_to(connection, "thang", OCTOBER)) == 5


def test_a_doubled_row_is_kept_once_for_people_to_look_at(open_engine: Open) -> None:
    engine = open_engine()
    content = clean_content()
    table = content.tables["figures"]
    doubled = replace(table, rows=(*table.rows, replace(table.rows[0], number=90, values={"numerator": 7.0})))
    nameless = replace(doubled, rows=(*doubled.rows, Row(91, None, {"numerator": 8.0})))
    submit(engine, replace(content, tables={**content.tables, "figures": nameless}))
    with reading(engine) as connection:
        frame = facts.frame_of(connection, "figures", "thang", OCTOBER)
    assert frame["code"].is_unique
    assert frame.loc[frame["code"] == "A1", "numerator"].tolist() == [100]


@pytest.mark.slow
def test_findings_are_read_back_whole_and_in_order(open_engine: Open) -> None:
    engine = open_engine()
    first, second = submit(engine, None, [WARNING, CRITICAL]), submit(engine, None, [WARNING])
    submit(engine, None, [CRITICAL])
    assert (first.verdict, first.critical, first.warnings) == (Verdict.REJECTED, 1, 1)
    assert (second.verdict, second.critical, second.warnings) == (Verdict.ACCEPTED, 0, 1)
    with reading(engine) as connection:
        assert submissions.findings_of(connection, [first.id]) == {first.id: [WARNING, CRITICAL]}
        assert submissions.findings_of(connection, []) == {}
        many = [first.id, *range(10**6, 10**6 + 70_000), second.id]  # more than any database takes at once
        assert submissions.findings_of(connection, many) == {first.id: [WARNING, CRITICAL], second.id: [WARNING]}
        found = facts.load_facts(connection, PLAN, OCTOBER)
    assert found.findings == {second.id: [WARNING]}  # of what is shown: the version that counts


def test_the_findings_shown_of_a_unit_without_an_accepted_version_are_its_last_ones(open_engine: Open) -> None:
    engine = open_engine()
    submit(engine, None, [CRITICAL])
    last = submit(engine, None, [CRITICAL, WARNING])
    with reading(engine) as connection:
        assert facts.load_facts(connection, PLAN, OCTOBER).findings == {last.id: [CRITICAL, WARNING]}


def test_the_basis_changes_with_what_counts_and_with_nothing_else(open_engine: Open) -> None:
    engine = open_engine()

    def basis() -> str:
        with reading(engine) as connection:
            return facts.load_facts(connection, PLAN, OCTOBER).basis

    seen = [basis()]
    for content, findings, is_changed in (
        (clean_content(), [], True),
        (clean_content(), [CRITICAL], False),
        (clean_content(unit="SNV"), [CRITICAL], False),
        (clean_content(period=Period(2022, 11)), [], False),
        (clean_content(), [], True),
        (clean_content(period=Period(2022, 9)), [], True),
    ):
        submit(engine, content, findings)
        seen.append(basis())
        assert (seen[-1] != seen[-2]) is is_changed
    assert basis() == seen[-1]


def test_the_past_of_a_batch_is_strictly_before_it(open_engine: Open) -> None:
    engine = open_engine()
    september, october, november = (clean_content(period=Period(2022, month)) for month in (9, 10, 11))
    submit(engine, counted(september, "A1", 1.0, 9.0))
    submit(engine, counted(september, "A1", 2.0, 9.0))
    submit(engine, counted(september, "A1", 7.0, 9.0), [CRITICAL])
    submit(engine, counted(october, "A1", 3.0, 9.0))
    submit(engine, counted(november, "A1", 4.0, 9.0))
    submit(engine, counted(clean_content(unit="SNV", period=Period(2022, 9)), "A1", 5.0, 9.0))
    with reading(engine) as connection:
        past = history_of(connection, PLAN, [october])
        assert history_of(connection, PLAN, []).figures == []
    mine = [tuple(row) for row in past.figures if row[2] == "A1"]
    assert mine == [("SCT", "2022-09", "A1", 2.0, 9.0)]
    assert {row[0] for row in past.tasks} == {"SCT"}


def test_the_past_of_a_final_form_are_the_months(open_engine: Open) -> None:
    engine = open_engine()
    for month, count in ((9, 1.0), (10, 2.0)):
        submit(engine, counted(clean_content(period=Period(2022, month)), "A3", count, 9.0))
    submit(engine, counted(clean_content(unit="SNV", period=Period(2022, 9)), "A3", 5.0, 9.0))
    final = clean_content(form="tong-ket", period=Period(2023, 3))
    with reading(engine) as connection:
        past = history_of(connection, PLAN, [final, clean_content(period=Period(2022, 11))])
    assert sorted(tuple(row) for row in past.figures if row[2] == "A3") == [
        ("SCT", "2022-09", "A3", 1.0, 9.0),
        ("SCT", "2022-10", "A3", 2.0, 9.0),
    ]
    assert {row[1] for row in past.tasks} == {"2022-09", "2022-10"}


def _prepare(engine: Engine, basis: str, made_at: datetime = NOW) -> reports.ReportRecord:
    with writing(engine) as connection:
        return reports.prepare(connection, "thang", OCTOBER, basis, made_at)


def _publish(engine: Engine, record: reports.ReportRecord) -> bool:
    with writing(engine) as connection:
        return reports.publish(connection, record, [], NOW)


def test_the_same_facts_are_published_once(open_engine: Open) -> None:
    engine = open_engine()
    first = _prepare(engine, "a")
    assert (first.version, first.state, first.sent_at) == (1, ReportState.PREPARED, None)
    assert _publish(engine, first)
    assert not _publish(engine, first)
    again = _prepare(engine, "a", NOW + timedelta(days=1))
    assert (again.version, again.state, again.made_at) == (1, ReportState.PUBLISHED, NOW)


def test_changed_facts_make_the_next_version_and_leave_the_published_one_alone(open_engine: Open) -> None:
    engine = open_engine()
    _publish(engine, _prepare(engine, "a"))
    second = _prepare(engine, "b", NOW + timedelta(days=1))
    assert (second.version, second.state) == (2, ReportState.PREPARED)
    assert _prepare(engine, "b").id == second.id
    third_facts = _prepare(engine, "c", NOW + timedelta(days=2))
    assert (third_facts.version, third_facts.basis) == (2, "c")  # not published yet: made anew, not numbered anew
    assert not _publish(engine, second)  # made from facts that are no longer so
    assert _publish(engine, third_facts)
    with reading(engine) as connection:
        first = reports.published(connection, OCTOBER, 1)
        newest = reports.published(connection, OCTOBER)
        assert reports.published(connection, Period(2022, 11)) is None
        latest = reports.latest(connection, OCTOBER)
    assert first
    assert newest
    assert (first.basis, newest.version, newest.basis) == ("a", 2, "c")
    assert latest == newest


def test_a_submission_s_rows_go_with_it(open_engine: Open) -> None:
    engine = open_engine()
    one = submit(engine, None, [WARNING])
    with writing(engine) as connection:
        connection.execute(submission.delete().where(submission.c.id == one.id))
    with reading(engine) as connection:
        assert submissions.findings_of(connection, [one.id]) == {}
        assert facts.frame_of(connection, "figures", "thang", OCTOBER).empty


def test_moments_are_those_of_the_receipt(open_engine: Open) -> None:
    assert submit(open_engine()).received_at == RECEIVED
