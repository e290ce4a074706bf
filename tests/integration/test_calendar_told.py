"""The calendar for people: as a file, marked where it presumes, and told anew when an announced date has moved."""

from datetime import date
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from icalendar import Calendar
from support.stores.houses import clock_at, house

from baocao.domain.planned.calendar_rules import CalendarRules
from baocao.domain.planned.period import Period
from baocao.oversight.agenda import due
from baocao.plan.ics import calendar_file
from baocao.plan.workdays import presumed_years
from baocao.reminders.reminders import send_forms
from baocao.workspace.workspace import Workspace
from deployments.commands.root import app

OCTOBER = Period(2022, 10)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return house(tmp_path / "home", "")


def with_day_off(workspace: Workspace, day: date) -> Workspace:
    """The same house after a late notice of a day off."""
    changed = Workspace(workspace.settings)
    rules = workspace.plan.calendar.model_copy(update={"overrides": {day: False}})
    changed.__dict__["plan"] = workspace.plan.model_copy(update={"calendar": rules})
    return changed


def mails(workspace: Workspace, kind: str) -> list[tuple[str, list[str]]]:
    """The text and the names of the files of each mail of a kind."""
    found = sorted(workspace.outbox_folder.glob(f"{kind}~*.eml"))
    messages = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]
    return [
        (str(one.get_body(("plain",)).get_content()), [str(part.get_filename()) for part in one.iter_attachments()])  # type: ignore[union-attr]
        for one in messages
    ]


@pytest.mark.slow
def test_a_date_that_was_announced_and_moved_is_told_anew_once(workspace: Workspace) -> None:
    opening, later = clock_at(workspace, "2022-10-03T08:00"), clock_at(workspace, "2022-10-05T08:00")
    assert send_forms(workspace, OCTOBER, opening) == 3
    assert all("lich-2022-10.ics" in files for _, files in mails(workspace, "form"))
    assert (due(workspace, later), send_forms(workspace, OCTOBER, later)) == ([], 0)
    workspace.engine.dispose()

    changed = with_day_off(workspace, date(2022, 10, 19))
    assert [event.job.value for event in due(changed, later)] == ["send_templates"]
    assert send_forms(changed, OCTOBER, later) == 3
    told = mails(changed, "moved")
    assert len(told) == 3
    for text, files in told:
        assert ("18/10/2022" in text, "19/10/2022" in text, files) == (True, True, ["lich-2022-10.ics"])
    assert (due(changed, later), send_forms(changed, OCTOBER, later)) == ([], 0)


def test_the_file_has_every_date_and_keeps_its_names(workspace: Workspace) -> None:
    schedules = list(workspace.calendar.values())
    calendar = Calendar.from_ical(calendar_file(workspace.plan, schedules, clock_at(workspace, "2022-08-01T08:00").now))
    events = {str(one["uid"]): one for one in calendar.walk("VEVENT")}
    assert len(events) == 3 * len(schedules)
    deadline = events["ninh-binh-2022-2022-10-han-nop@baocao"]
    assert (deadline["dtstart"].dt, "hết hôm nay" in str(deadline["summary"])) == (date(2022, 10, 19), True)
    report = events["ninh-binh-2022-2022-10-bao-cao@baocao"]
    assert report["dtstart"].dt == workspace.schedule(OCTOBER).report_at


def test_years_without_a_notice_are_marked(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert presumed_years(workspace.plan.calendar, workspace.calendar.values()) == ()
    ahead = house(workspace.home, "").settings.model_copy(update={"plan": Path("plans/nhan-rong-mau")})
    later = Workspace(ahead)
    assert presumed_years(later.plan.calendar, later.calendar.values()) == (2027,)
    known: CalendarRules = later.plan.calendar.model_copy(update={"announced": (2027,)})
    assert presumed_years(known, later.calendar.values()) == ()
    monkeypatch.setenv("BAOCAO_PLAN", str(ahead.plan))
    app(["plan", "calendar"], standalone_mode=False)
    assert "Năm 2027: chưa có thông báo chính thức" in capsys.readouterr().out
