"""Blank forms of ours that came back as we sent them, mostly forwarded together with the filled one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from baocao.domain.planned.form import Column, ColumnType, Form, FormKind, Rows, Sheet
from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Content, Receipt, ReceiptState
from baocao.intake.filing.batch import FiledRound, Read
from baocao.store import receipts
from baocao.store.accepted.last_tasks import last_tasks
from baocao.store.engine.names import Connection

Carried = Mapping[str, Mapping[str, object]]
"""By a task's code, values by column key."""
NOTHING_CARRIED: Carried = MappingProxyType({})
_OURS = frozenset({ColumnType.CODE, ColumnType.INDEX, ColumnType.RATIO})
_PREFILLED = frozenset({"lead", "coordinating", "due_date", "product"})
"""What a month's and the final form already say from the unit's assignment plan; a clerk may leave it."""


def is_untouched(plan: Plan, content: Content, carried: Carried = NOTHING_CARRIED) -> bool:
    """Whether a workbook is a form of ours in which nothing was typed: no figure, no status, no name, no remark.

    ``carried``: what the form itself said of each task, from the unit's last report.
    """
    form = plan.forms.get(content.form or "")
    if form is None or content.findings or set(content.tables) != {sheet.key for sheet in form.sheets}:
        return False
    return _is_unsigned(form, content) and all(_is_blank(plan, form, sheet, content, carried) for sheet in form.sheets)


def _is_unsigned(form: Form, content: Content) -> bool:
    """Whether the information sheet says no more than what we gave."""
    given = {column.key for column in form.info.columns if column.given}
    return all(value is None for key, value in content.info.items() if key not in given)


def _is_blank(plan: Plan, form: Form, sheet: Sheet, content: Content, carried: Carried) -> bool:
    typed = [column.key for column in _typed(form, sheet.columns)]
    ours = carried if sheet.rows is Rows.TASKS else NOTHING_CARRIED
    return all(
        _is_empty(value)
        or value == ours.get(row.code or "", {}).get(key)
        or (key == "denominator" and row.code in plan.unbounded)
        for row in content.rows(sheet.key)
        for key in typed
        for value in [row.values.get(key)]
    )


def _is_empty(value: object) -> bool:
    """A zero is typed; a mark that is not set is not."""
    return value is None or value is False


def _typed(form: Form, columns: Iterable[Column]) -> Iterable[Column]:
    """The columns that tell whether a unit has been at work."""
    prefilled = frozenset() if form.kind is FormKind.ASSIGNMENT else _PREFILLED
    return (one for one in columns if not one.given and one.type not in _OURS and one.key not in prefilled)


@dataclass(frozen=True, slots=True)
class Untouched:
    """Blank forms of a batch, settled: told in a letter of their own, or (names by unit) in another file's answer."""

    alone: tuple[Receipt, ...]
    beside: Mapping[str, tuple[str, ...]]


def set_apart(connection: Connection, plan: Plan, batch: Sequence[Read]) -> tuple[list[Read], list[Receipt]]:
    """The files of a batch that are to be filed, and those that are blank forms of their own unit."""
    own = [one for one in batch if one.content.unit == one.receipt.unit]
    blank = [one.receipt for one in own if _is_as_sent(connection, plan, one.content)]
    ids = {one.id for one in blank}
    return [one for one in batch if one.receipt.id not in ids], blank


def _is_as_sent(connection: Connection, plan: Plan, content: Content) -> bool:
    """Looks into the unit's past only where nobody has signed what came."""
    if is_untouched(plan, content):
        return True
    form, period = plan.forms.get(content.form or ""), content.period
    if form is None or period is None or period not in plan.periods or not _is_unsigned(form, content):
        return False
    carried = last_tasks(connection, plan, content.unit or "", period)
    return is_untouched(plan, content, {code: said for code, (_, said) in carried.items()})


def settle_untouched(connection: Connection, blank: Sequence[Receipt], outcome: FiledRound) -> Untouched:
    """Close blank forms in the caller's transaction; those that another worker has closed are left out."""
    mine = receipts.still_mine(connection, [one.id for one in blank])
    here = [one for one in blank if one.id in mine]
    receipts.name_units(connection, here)
    receipts.settle(connection, [one.id for one in here], ReceiptState.BLANK)
    answered = {submission.unit for submission, _ in outcome.submissions}
    beside: dict[str, tuple[str, ...]] = {}
    for one in here:
        if one.unit in answered:
            beside[one.unit] = (*beside.get(one.unit, ()), one.name)
    return Untouched(tuple(one for one in here if one.unit not in answered), beside)
