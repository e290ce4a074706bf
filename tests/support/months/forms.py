"""The forms of the month that is killed, drawn before its children are forked: each of them finds them drawn."""

from pathlib import Path
from tempfile import TemporaryDirectory

from baocao.domain.planned.period import Period
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.occasion import Known
from baocao.workspace.submission_code import KEY_FILE, submission_token
from support.workbooks.content import PLAN

OCTOBER = Period(2022, 10)


def put_key(home: Path) -> None:
    """The same key in every house, so that they make the same forms."""
    key = home / KEY_FILE
    key.parent.mkdir(parents=True)
    key.write_bytes(bytes(32))
    key.chmod(0o600)


def draw_forms() -> None:
    """Draw every unit's form of October, as a house with that key sends it."""
    form = PLAN.form_of(OCTOBER)
    with TemporaryDirectory() as folder:
        put_key(Path(folder))
        for unit in PLAN.units:
            known = Known(token=submission_token(Path(folder), PLAN.code, unit.code, OCTOBER, form.key))
            write_blank(PLAN, form, unit, OCTOBER, known, Path(folder) / "m.xlsx")
