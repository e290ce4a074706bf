"""The day that texts of plans and rules give as an example, shown in the period that they are about."""

from dataclasses import replace

from baocao.domain.planned.form import Form
from baocao.domain.planned.period import Period
from baocao.domain.received.finding import Finding

_DAY = "18/10/2022"
_GIVEN = f"như {_DAY}"
"""How the example is introduced; a day that a person wrote is never touched."""


def dated(text: str, period: Period | None) -> str:
    """The text with its example day in the period; unchanged where the period is not known."""
    return text if period is None else text.replace(_GIVEN, f"như 18/{period.month:02d}/{period.year}")


def dated_form(form: Form, period: Period) -> Form:
    """The form, all of whose help gives an example day in the period."""
    return Form.model_validate_json(dated(form.model_dump_json(), period))


def dated_findings(findings: tuple[Finding, ...], period: Period | None) -> tuple[Finding, ...]:
    """Findings that say how a day is written, by one in the period."""
    return tuple(_dated_finding(one, period) if _GIVEN in one.message else one for one in findings)


def _dated_finding(one: Finding, period: Period | None) -> Finding:
    expected = dated(one.expected, period) if one.expected else one.expected
    return replace(one, message=dated(one.message, period), expected=expected)
