"""The board of a period: exactly the promised JSON, and each unit's state through its versions."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from support.stores.facts import DEADLINE, filed, submit, take
from support.stores.houses import clock_at, house
from support.workbooks.content import clean_content

from baocao.domain.delivery import DeliveryState
from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Finding, Severity
from baocao.domain.received.submission import Receipt, ReceiptState
from baocao.oversight.status import current_period, period_status
from baocao.store import receipts, reports, submissions
from baocao.store.engine.database import writing
from baocao.store.schema.mail import delivery, message
from baocao.system.errors import UsageError
from baocao.workspace.workspace import Workspace

OCTOBER, NOVEMBER = Period(2022, 10), Period(2022, 11)
CRITICAL = Finding("negative", Severity.CRITICAL, "Số âm.")
WARNING = Finding("row_unknown", Severity.WARNING, "Mã lạ.")
BEFORE, AFTER = "2022-10-19T23:59:59", "2022-10-20T00:00"


def status(workspace: Workspace, moment: str = BEFORE, period: Period = OCTOBER) -> dict[str, Any]:
    return period_status(workspace, period, clock_at(workspace, moment)).as_row()


def unit(row: dict[str, Any], code: str) -> dict[str, Any]:
    (found,) = [one for one in row["units"] if one["unit"] == code]
    return dict(found)


def late(workspace: Workspace, code: str, findings: tuple[Finding, ...] = ()) -> None:
    """A submission that came at the deadline."""
    one: Receipt = replace(take(workspace.engine, f"tre-{code}.xlsx", unit=code), received_at=DEADLINE)
    with writing(workspace.engine) as connection:
        submissions.save(connection, [filed(one, clean_content(unit=code), findings)])
        receipts.settle(connection, [one.id], ReceiptState.CHECKED)


def test_a_period_in_which_nothing_came(workspace: Workspace) -> None:
    missing = {"state": "missing", "timeliness": "missing", "version": None, "received_at": None}
    assert status(workspace) == {
        "period": "2022-10",
        "closed": False,
        "units": [{"unit": code, **missing, "critical": 0, "warnings": 0} for code in ("STTTT", "SCT", "SNV")],
        "completeness_pct": 0,
        "timeliness_pct": 0,
        "report": None,
        "deliveries": {"sent": 0, "pending": 0, "refused": 0, "deferred": 0, "uncertain": 0},
    }


def test_every_state_of_a_unit(workspace: Workspace) -> None:
    submit(workspace.engine, clean_content(unit="STTTT"), [CRITICAL])
    submit(workspace.engine, clean_content(unit="STTTT"), [WARNING, WARNING])
    late(workspace, "SCT")
    held = take(workspace.engine, "la.xlsx", unit="SNV")
    with writing(workspace.engine) as connection:
        receipts.settle(connection, [held.id], ReceiptState.QUARANTINED, "Sai kỳ.")
    row = status(workspace)
    assert unit(row, "STTTT") == {
        "unit": "STTTT",
        "state": "accepted",
        "timeliness": "on_time",
        "version": 2,
        "received_at": "2022-10-18T16:00:00+07:00",
        "critical": 0,
        "warnings": 2,
    }
    assert (unit(row, "SCT")["state"], unit(row, "SCT")["timeliness"]) == ("accepted", "late")
    assert (unit(row, "SNV")["state"], unit(row, "SNV")["timeliness"]) == ("quarantined", "missing")
    assert (row["completeness_pct"], row["timeliness_pct"]) == (66.67, 33.33)


def test_a_returned_report_is_neither_complete_nor_on_time(workspace: Workspace) -> None:
    submit(workspace.engine, clean_content(unit="SCT"), [CRITICAL, WARNING])
    row = status(workspace)
    returned = unit(row, "SCT")
    assert (returned["state"], returned["timeliness"], returned["critical"], returned["warnings"]) == (
        "rejected",
        "on_time",
        1,
        1,
    )
    assert (row["completeness_pct"], row["timeliness_pct"]) == (0, 0)


def test_an_accepted_report_stays_accepted_and_on_time_whatever_comes_later(workspace: Workspace) -> None:
    submit(workspace.engine, clean_content(unit="SCT"))
    late(workspace, "SCT", (WARNING,))
    submit(workspace.engine, clean_content(unit="SCT"), [CRITICAL])
    shown = unit(status(workspace), "SCT")
    assert (shown["state"], shown["timeliness"], shown["version"], shown["warnings"]) == ("accepted", "on_time", 2, 1)


def test_a_report_returned_in_time_and_mended_late_is_late(workspace: Workspace) -> None:
    submit(workspace.engine, clean_content(unit="SCT"), [CRITICAL])
    late(workspace, "SCT")
    assert unit(status(workspace), "SCT")["timeliness"] == "late"


def test_a_period_is_closed_at_its_deadline_to_the_second(workspace: Workspace) -> None:
    assert (status(workspace, BEFORE)["closed"], status(workspace, AFTER)["closed"]) == (False, True)


@pytest.mark.slow
def test_the_report_and_the_mails_of_the_period(workspace: Workspace) -> None:
    moment = datetime.fromisoformat("2022-10-24T08:00:00+07:00")
    with writing(workspace.engine) as connection:
        record = reports.prepare(connection, "thang", OCTOBER, "a", moment)
    assert status(workspace)["report"] == {"version": 1, "state": "prepared", "sent_at": None}
    with writing(workspace.engine) as connection:
        reports.publish(connection, record, [], moment)
        for number, period in enumerate([OCTOBER, NOVEMBER]):
            _mail(connection, f"thu/{number}", period, moment)
    row = status(workspace)
    assert row["report"] == {"version": 1, "state": "published", "sent_at": "2022-10-24T08:00:00+07:00"}
    assert row["deliveries"] == {"sent": 1, "pending": 2, "refused": 1, "deferred": 1, "uncertain": 1}
    assert status(workspace, period=NOVEMBER)["report"] is None


def _mail(connection: Any, key: str, period: Period, moment: datetime) -> None:
    head = {"key": key, "kind": "report", "period": str(period), "sender": "a@mau.example", "subject": "Thư"}
    files = {"message_id": f"<{key}@mau>", "eml_file": f"{key}.eml", "eml_sha256": "0" * 64, "created_at": moment}
    connection.execute(insert(message).values(**head, **files))
    rows = [
        {"message_key": key, "recipient": f"{state}@mau.example", "name": "", "state": state, "attempts": 0}
        for state in DeliveryState
    ]
    connection.execute(insert(delivery), rows)


@pytest.mark.parametrize(
    ("moment", "period"),
    [
        ("2022-07-01T00:00", "2022-08"),
        ("2022-08-01T08:00", "2022-08"),
        ("2022-09-05T07:59", "2022-08"),
        ("2022-09-05T08:00", "2022-09"),
        ("2030-01-01T00:00", "2023-03"),
    ],
)
def test_the_current_period_is_the_last_that_is_open(tmp_path: Path, moment: str, period: str) -> None:
    workspace = house(tmp_path, "")
    assert str(current_period(workspace, clock_at(workspace, moment))) == period
    assert not workspace.has_database


def test_a_period_that_the_plan_has_not_is_refused_with_those_it_has(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"không có kỳ 04/2023; hãy chọn từ 08/2022 đến 03/2023"):
        status(house(tmp_path, ""), period=Period(2023, 4))
