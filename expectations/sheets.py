"""Which sheets a plan's forms have, by the keys that rules and frames go by."""

from baocao.domain.planned.form import Sheet
from baocao.domain.planned.plan import Plan


def sheets_of(plan: Plan, key: str) -> dict[str, Sheet]:
    """The sheets of this key, by the key of their form."""
    return {form.key: sheet for form in plan.forms.values() for sheet in form.sheets if sheet.key == key}
