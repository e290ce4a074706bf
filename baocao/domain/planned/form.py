"""Biểu mẫu: the layout of one workbook as data; read from ``plans/<name>/forms/*.yaml``."""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from baocao.domain.labelled import Labelled
from baocao.domain.model import Frozen
from baocao.domain.planned.period import Period


class ColumnType(StrEnum):
    """What a cell of the column holds, and so how it is read, checked and drawn."""

    CODE = "code"
    TEXT = "text"
    COUNT = "count"
    PERCENT = "percent"
    RATIO = "ratio"
    DATE = "date"
    CHOICE = "choice"
    MARK = "mark"
    INDEX = "index"
    AMOUNT = "amount"
    PERIOD = "period"


class Column(Frozen):
    """One column (or, on the information sheet, one labelled line).

    ``key`` names the value in code; ``header`` is what the person reads. ``given`` cells are filled by us and locked.
    ``width`` is in Excel's character units. ``at``: in an adopted form, the letter of the column (of a line of
    information: the cell); empty where the official form does not have it.
    """

    key: str
    header: str
    type: ColumnType = ColumnType.TEXT
    width: float = 14
    given: bool = False
    required: bool = False
    choices: tuple[str, ...] = ()
    help: str = ""
    at: str = Field(default="", pattern=r"^([A-Z]{1,3}[0-9]{0,7})?$")


class Rows(StrEnum):
    """Which rows a sheet has."""

    LABELS = "labels"
    FREE = "free"
    FIGURES = "figures"  # one row per indicator and component
    INDICATORS = "indicators"  # one row per indicator
    TASKS = "tasks"  # one row per task that each unit does
    INDICATORS_AND_TASKS = "indicators_and_tasks"


class OfficialRow(Frozen):
    """One row of an adopted form, as it stands there: its number (``1``, ``a)``, ``II``), its text, whose row it is.

    ``code`` is empty for headings, which nobody fills in.
    """

    row: int = Field(ge=1)
    code: str = ""
    number: str = ""
    text: str = ""


class Sheet(Frozen):
    """One sheet that a person fills in.

    In an adopted form, several of them may stand on one sheet of the official file (``name``). There ``header`` are the
    first and the last row of the table's header, ``last`` is its last row, ``ends_before`` what stands below it, and
    ``lines`` are the rows of a coded table.
    """

    key: str
    name: str
    title: str
    rows: Rows
    columns: tuple[Column, ...]
    free_rows: int = 0
    landscape: bool = True
    header: tuple[int, int] | None = None
    last: int = 0
    ends_before: str = ""
    lines: tuple[OfficialRow, ...] = ()

    @property
    def present(self) -> tuple[Column, ...]:
        """The columns that the form has; of an adopted one, those that the official file has."""
        return self.columns if self.header is None else tuple(column for column in self.columns if column.at)

    def column(self, key: str) -> Column:
        """The column of this key.

        Raises:
            KeyError: there is none.
        """
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)


class FormKind(Labelled):
    """What a form reports, told by the sheets that it has."""

    # Who leads what by when, and what it costs; once, at the beginning; the months remind of its dates.
    ASSIGNMENT = "assignment", "Phân công nhiệm vụ, dự toán kinh phí"
    # Figures, tasks and difficulties of a month; the next months compare with it.
    MONTHLY = "monthly", "Báo cáo tháng"
    # The whole pilot assessed; once, at the end; it looks back on the months.
    FINAL = "final", "Tổng kết, đánh giá"

    @property
    def report_name(self) -> str:
        """What the report that is made of it is called."""
        return {
            "assignment": "Báo cáo phân công nhiệm vụ và dự toán",
            "monthly": "Báo cáo tháng",
            "final": "Báo cáo tổng kết, đánh giá",
        }[self]


class CutoffWindow(Frozen):
    """Between which days a report's cut-off lies: from day ``from_day`` of the period's month (or so many months before
    it) to the deadline's day.
    """

    from_day: int = Field(default=1, ge=1, le=31)
    months_before: int = Field(default=0, ge=0, le=12)

    def first_in(self, period: Period) -> date:
        """The first day that a period's figures may be counted up to."""
        month = period.shift(-self.months_before)
        return month.first_day.replace(day=min(self.from_day, month.last_day.day))


class Form(Frozen):
    """A workbook's layout. ``code`` (``BC-THANG``) and ``version`` stand in the workbook as ``BC-THANG/1``.

    ``template``: the official file that was adopted, beside the form's YAML; a form without one is drawn by us.
    ``original``: the Word document that it was drawn from, beside it; units may answer in such a document, too.
    ``earlier``: the versions before it, of which copies may still come.
    """

    key: str
    code: str
    version: int
    title: str
    status: Literal["proposal", "official"] = "proposal"
    stands_in_for: str = ""
    info: Sheet
    sheets: tuple[Sheet, ...]
    guide_title: str = "Hướng dẫn"
    self_check_title: str = "Tự kiểm tra"
    guide: tuple[str, ...] = ()
    cutoff: CutoffWindow = CutoffWindow()
    template: str = ""
    original: str = ""
    earlier: tuple["Form", ...] = ()

    def asking(self, *, has_indicators: bool) -> "Form":
        """The form of a period; without its sheets of indicators where that asks none of them."""
        if has_indicators:
            return self
        asked = tuple(one for one in self.sheets if one.rows not in (Rows.FIGURES, Rows.INDICATORS))
        return self.model_copy(update={"sheets": asked})

    @property
    def is_adopted(self) -> bool:
        """Whether it is an official file, filled in as it is."""
        return bool(self.template)

    @property
    def label(self) -> str:
        """``BC-THANG/1``."""
        return f"{self.code}/{self.version}"

    @property
    def kind(self) -> FormKind:
        """An assignment plan, a final assessment, or else a monthly report."""
        keys = {sheet.key for sheet in self.sheets}
        if "assignments" in keys:
            return FormKind.ASSIGNMENT
        return FormKind.FINAL if "assessments" in keys else FormKind.MONTHLY

    def sheet(self, key: str) -> Sheet:
        """The sheet of this key.

        Raises:
            KeyError: the form has no such sheet.
        """
        for sheet in self.sheets:
            if sheet.key == key:
                return sheet
        raise KeyError(key)
