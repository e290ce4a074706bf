"""Files that are held: the advice names the right unit, and nothing is let out against what the workbook says."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import update
from support.months.steps import collect, counting_version, lay, letters, stepping, workbook

from baocao.domain.planned.period import Period
from baocao.oversight.alerts import queue_digest
from baocao.store import audit
from baocao.store.engine.database import reading, writing
from baocao.store.schema.reporting import receipt
from baocao.store.submissions import of_period
from baocao.system.clock import Clock
from baocao.system.errors import UsageError
from baocao.workspace.workspace import Workspace
from deployments.commands.root import app

OCTOBER = Period(2022, 10)
SIGNED = ["--name", "Nguyễn Văn Mẫu", "--reason", "đã gọi điện", "--as-of", "2022-10-18T11:00"]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    with stepping(tmp_path / "home", monkeypatch) as made:
        yield made


def run(*words: str) -> None:
    app(args=["submission", *words], standalone_mode=False)


def held(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    capsys.readouterr()
    run("held", "--json")
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.slow
def test_another_unit_s_workbook_is_never_filed_under_this_one(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    lay(workspace, "SCT/bao cao.xlsx", workbook("SNV"))
    collect(workspace)
    (note,) = letters(workspace, "quarantine/2022-10")
    assert "baocao submission release 1 --unit SNV --name" in note
    assert "Có vẻ của: Sở Nội vụ" in note
    (one,) = held(capsys)
    assert (one["number"], one["unit"], one["period"]) == (1, "SNV", "2022-10")
    assert one["came_as"] == {"unit": "SCT", "period": "2022-10"}
    assert "SNV" in str(one["why"])
    assert str(one["release"]).startswith("baocao submission release 1 --unit SNV ")
    with pytest.raises(UsageError, match="--unit SNV"):
        run("release", "1", *SIGNED)
    with pytest.raises(UsageError, match=r"ghi là của đơn vị SNV, không phải SCT.*--despite-content"):
        run("release", "1", "--unit", "SCT", *SIGNED)
    run("release", "1", "--unit", "SNV", *SIGNED)
    collect(workspace)
    with reading(workspace.engine) as connection:
        assert [(one.unit, one.version) for one in of_period(connection, OCTOBER)] == [("SNV", 1)]
        assert "despite_content" not in audit.entries(connection)[0].details
    assert held(capsys) == []


@pytest.mark.slow
def test_against_its_content_only_with_the_explicit_word(workspace: Workspace) -> None:
    lay(workspace, "SCT/bao cao.xlsx", workbook("SNV"))
    collect(workspace)
    run("release", "1", "--unit", "SCT", "--despite-content", *SIGNED)
    collect(workspace)
    assert counting_version(workspace, "SCT") == 1
    with reading(workspace.engine) as connection:
        (entry,) = audit.entries(connection)
    assert (entry.who, entry.reason) == ("Nguyễn Văn Mẫu", "đã gọi điện")
    assert entry.details["despite_content"] == ["ghi là của đơn vị SNV, không phải SCT"]


@pytest.mark.slow
def test_an_earlier_month_s_workbook_goes_to_its_month(workspace: Workspace) -> None:
    lay(workspace, "SCT/bao cao.xlsx", workbook("SCT", "2022-09"))
    collect(workspace)
    (note,) = letters(workspace, "quarantine/2022-10")
    assert "baocao submission release 1 --unit SCT --period 2022-09 --name" in note
    with pytest.raises(UsageError, match="ghi là của kỳ 09/2022, không phải 10/2022"):
        run("release", "1", "--period", "2022-10", *SIGNED)
    run("release", "1", *SIGNED)
    collect(workspace)
    assert counting_version(workspace, "SCT", "2022-09") == 1


@pytest.mark.slow
def test_another_form_is_never_counted(workspace: Workspace) -> None:
    lay(workspace, "SCT/phan cong.xlsx", workbook("SCT", "2022-08"))
    collect(workspace)
    with pytest.raises(UsageError, match="dùng biểu"):
        run("release", "1", "--period", "2022-10", "--despite-content", *SIGNED)


def test_the_digest_names_the_right_unit(workspace: Workspace) -> None:
    lay(workspace, "SCT/bao cao.xlsx", workbook("SNV"))
    collect(workspace)
    moment = workspace.schedule(OCTOBER).submit_before
    assert queue_digest(workspace, Clock(moment, is_simulated=True))
    (path,) = workspace.outbox_folder.glob("digest~*.eml")
    text = str(message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert "release 1 --unit SNV" in " ".join(text.split())


@pytest.mark.slow
def test_a_form_sent_before_its_month_opens_waits_for_it(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    lay(workspace, "SCT/thang 11.xlsx", workbook("SCT", "2022-11"))
    collect(workspace)
    assert held(capsys) == []
    assert letters(workspace, "quarantine") == []
    (letter,) = letters(workspace, "early/2022-11")
    assert "không phải gửi lại" in letter
    app(args=["status", "--period", "2022-11", "--as-of", "2022-10-18T12:00"], standalone_mode=False)
    assert "Đã gửi" in capsys.readouterr().out
    app(args=["status", "--period", "2022-10", "--as-of", "2022-10-18T12:00", "--json"], standalone_mode=False)
    units = {one["unit"]: one["state"] for one in json.loads(capsys.readouterr().out)["units"]}
    assert units["SCT"] == "missing"
    collect(workspace)  # nothing changes before
    collect(workspace, "2022-11", "2022-11-10T09:00")
    with reading(workspace.engine) as connection:
        (one,) = of_period(connection, Period(2022, 11))
    assert (one.unit, one.version, one.verdict.value, one.timeliness.value) == ("SCT", 1, "accepted", "on_time")
    app(args=["status", "--period", "2022-11", "--as-of", "2022-11-10T12:00", "--json"], standalone_mode=False)
    (row,) = [one for one in json.loads(capsys.readouterr().out)["units"] if one["unit"] == "SCT"]
    assert (row["state"], "waiting" in row) == ("accepted", False)
    lay(workspace, "SCT/lan nua.xlsx", workbook("SCT", "2022-11"))
    collect(workspace, "2022-11", "2022-11-10T10:00")
    assert len(letters(workspace, "duplicate/2022-11/SCT")) == 1


@pytest.mark.slow
def test_a_file_held_by_an_earlier_program_is_named_by_what_it_says(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its home did not write down what a held file says of itself; the advice is still one that can be followed."""
    lay(workspace, "SCT/bao cao.xlsx", workbook("SNV"))
    collect(workspace)
    unknown = dict.fromkeys(("said_unit", "said_period", "said_form", "arrived_at"))
    with writing(workspace.engine) as connection:
        connection.execute(update(receipt).values(unknown))
    (one,) = held(capsys)
    assert (one["unit"], one["form"]) == ("SNV", "thang")
    assert str(one["release"]).startswith("baocao submission release 1 --unit SNV ")
    queue_digest(workspace, Clock(datetime(2022, 10, 18, 11, tzinfo=UTC), is_simulated=True))
    (digest,) = letters(workspace, "digest")
    assert "baocao submission release 1 --unit SNV" in digest
