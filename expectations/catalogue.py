"""The catalogue of rules: what a plan's workbooks are asked, how severely, within what limits, and on what ground.

It is read off the rules themselves: those of reading, and those of the checks that the plan's forms ask for.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from string import Formatter
from typing import Any

from baocao.domain.planned.form import Form
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Rule, Severity
from baocao.domain.wording import decimal_text
from baocao.workbook import rules as reading
from baocao.workbook.blank.selfcheck.stated import IN_FORM
from expectations.checks import checks_of
from expectations.rule import INFO
from expectations.sheets import sheets_of

# Read off the information sheet; the other rules of reading may be broken on any sheet, or by the file as a whole.
_OF_INFO = frozenset({reading.FORM_UNKNOWN, reading.FORM_VERSION, reading.UNIT_MISMATCH, reading.PERIOD_MISMATCH})
_GAP = "…"
_WORDS = {
    "header": "[tên cột]",
    "direction": "tăng/giảm",
    "fault": "[còn trống hoặc ghi sai]",
    "lacking": "[còn trống hoặc chỉ ghi như “không có”]",
    "what": "Trang, cột hoặc dòng",
    "where": "Nơi ghi",
}
_GAPS = re.compile(rf"{_GAP}(?:\s*{_GAP})*\.?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule at one severity: the severity that it has in the plan.

    ``sheet`` is None where it may be broken on several sheets, or by the file as a whole. ``says`` is the message of
    its findings, with ``…`` for what each one fills in. ``limits``: the plan's numbers by name. ``in_form``: whether
    the blank form itself holds the rule, in Excel.
    """

    rule: str
    severity: str
    sheet: str | None
    says: str
    remedy: str
    source: str
    limits: Mapping[str, Any]
    in_form: bool

    def as_row(self) -> dict[str, Any]:
        """The entry as ``plan rules --json`` prints it."""
        return asdict(self)


def catalogue(plan: Plan) -> tuple[Entry, ...]:
    """Every rule that a workbook of the plan may break, reading first; two entries where a name has two severities."""
    found: dict[tuple[str, Severity], tuple[Rule, set[str]]] = {}
    for rule, sheets in (*_reading_rules(plan), *_checked_rules(plan)):
        _, places = found.setdefault((rule.name, rule.severity), (rule, set()))
        places.update(sheets)
    unasked = _unasked(plan)
    return tuple(_entry(plan, rule, sheets, unasked.get(rule.name, ())) for rule, sheets in found.values())


def limit_texts(plan: Plan, entry: Entry) -> list[str]:
    """The limits of a rule in words."""
    if entry.rule == reading.COUNT_LIMIT.name:
        return [_count_text(name, limit) for name, limit in entry.limits.items()]
    fields = type(getattr(plan.limits, entry.rule)).model_fields if entry.limits else {}
    return [str(fields[name].description).format(decimal_text(limit, 4)) for name, limit in entry.limits.items()]


def _count_text(name: str, limit: int) -> str:
    subject = "Tử số, Mẫu số" if name == "max_count" else name
    return f"{subject} không quá {decimal_text(limit)}"


def _reading_rules(plan: Plan) -> Iterator[tuple[Rule, set[str]]]:
    for rule in vars(reading).values():
        if isinstance(rule, Rule):
            yield rule, _sheets(plan, INFO) if rule in _OF_INFO else set()


def _checked_rules(plan: Plan) -> Iterator[tuple[Rule, set[str]]]:
    for key, checks in checks_of(plan).items():
        for check in checks:
            yield check.rule, _sheets(plan, key)


def _sheets(plan: Plan, key: str) -> set[str]:
    """The names of the sheets of this key, over the plan's forms."""
    if key == INFO:
        return {form.info.name for form in plan.forms.values()}
    return {sheet.name for sheet in sheets_of(plan, key).values()}


def _unasked(plan: Plan) -> dict[str, list[str]]:
    """By rule, what official forms lack that it looks at, so that it is not asked there."""
    told: dict[str, list[str]] = {}
    for form in (one for one in plan.forms.values() if one.is_adopted):
        for key, checks in checks_of(plan).items():
            for check in checks:
                if (lacking := _lacking(form, key, check.column)) is not None:
                    text = f"{form.label} không có “{lacking}”"
                    told[check.rule.name] = list(dict.fromkeys((*told.get(check.rule.name, ()), text)))
    return told


def _lacking(form: Form, key: str, column: str) -> str | None:
    """The column's name, where the official form does not have it."""
    sheet = form.info if key == INFO else next((one for one in form.sheets if one.key == key), None)
    columns = () if sheet is None else sheet.columns
    return next((one.header for one in columns if one.key == column and not one.at), None)


def _entry(plan: Plan, rule: Rule, sheets: set[str], unasked: Sequence[str]) -> Entry:
    is_warning = rule.severity is Severity.WARNING
    return Entry(
        rule=rule.name,
        severity=plan.severities.weight_of(rule.name) if is_warning else rule.severity.value,
        sheet=next(iter(sheets)) if len(sheets) == 1 else None,
        says=_with_gaps(rule.message) + (f" (Không áp dụng ở đâu: {'; '.join(unasked)}.)" if unasked else ""),
        remedy=_with_gaps(rule.hint),
        source=rule.source,
        limits=_limits(plan, rule.name),
        in_form=rule.name in IN_FORM,
    )


def _limits(plan: Plan, rule: str) -> dict[str, Any]:
    if rule == reading.COUNT_LIMIT.name:
        own = {one.code: one.count_limit for one in plan.indicators if one.count_limit}
        return {"max_count": plan.count_limit, **own}
    limits: dict[str, dict[str, Any]] = plan.limits.model_dump()
    return limits.get(rule, {})


def _with_gaps(template: str) -> str:
    """A message as a sentence, with ``…`` for what a finding fills in."""
    parts = (
        text + (_WORDS.get(name, _GAP) if name is not None else "") for text, name, *_ in Formatter().parse(template)
    )
    return _GAPS.sub(_GAP, "".join(parts))
