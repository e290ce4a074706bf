"""What the forms of decisions say: numbers, units with their periods, moments, days."""

from datetime import date, datetime

from baocao.decisions.overrides import unit_of
from baocao.domain.planned.period import Period
from baocao.system.errors import UsageError
from portal.room.visit import Visit


def number(visit: Visit, name: str) -> int:
    """A number that the page itself wrote into the form.

    Raises:
        UsageError: there is none.
    """
    text = visit.text(name)
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise UsageError("Thiếu hoặc sai số. Hãy mở lại bàn làm việc rồi chọn lại.")
    return int(text)


def period_of(visit: Visit) -> Period:
    """The period that the form names; one that the plan does not have does not exist (404)."""
    return visit.period(visit.text("period"))


def of_unit(visit: Visit) -> tuple[str, Period]:
    """A unit of the plan and a period.

    Raises:
        UsageError: the plan has no such unit.
    """
    return unit_of(visit.workspace, visit.text("unit")).code, period_of(visit)


def moment(visit: Visit) -> datetime:
    """A new deadline, local.

    Raises:
        UsageError: it is no moment.
    """
    try:
        return datetime.fromisoformat(visit.text("until"))
    except ValueError:
        raise UsageError("Hạn mới phải là ngày và giờ, ví dụ 21/10/2022 17:00.") from None


def day(visit: Visit, name: str) -> date | None:
    """A day; None where the field is empty.

    Raises:
        UsageError: it is no day.
    """
    text = visit.text(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"“{text[:20]}” không phải ngày; hãy ghi như 30/11/2022.") from None
