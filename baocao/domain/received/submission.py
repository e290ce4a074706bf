"""Bài nộp: one file received from one unit for one form and period, as it was read and as it was judged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from baocao.domain.labelled import Labelled
from baocao.domain.planned.period import Period
from baocao.domain.received.explanation import Explained
from baocao.domain.received.finding import Finding, Severity

PDF, WORD = ".pdf", ".docx"
"""The documents that may come: signed ones beside a workbook; an answer in Word, where the form is one."""


class Verdict(Labelled):
    """What became of a file."""

    # Its figures count, as long as no later accepted version arrives or a person decides otherwise.
    ACCEPTED = "accepted", "Chấp nhận"
    # It has a critical finding: nothing of it counts, the unit gets it back marked and sends a corrected one.
    REJECTED = "rejected", "Trả lại"
    # No figure could be read: nothing counts, and the same file again is read once more.
    UNREADABLE = "unreadable", "Không đọc được"


class ReceiptState(StrEnum):
    """Where a received file stands."""

    # In the archive and recorded; the next collection claims, reads and checks it.
    TAKEN = "taken"
    # A submission was made of it, whatever its verdict, and its unit is answered; for good.
    CHECKED = "checked"
    # The same content counts already, or came last; its unit is told so, nothing changes; for good.
    DUPLICATE = "duplicate"
    # It is not certain whose it is or for when; a person releases it (TAKEN again) or leaves it.
    QUARANTINED = "quarantined"
    # A form of ours in which nothing was filled in; told where it came alone; for good.
    BLANK = "blank"
    # Sent before its month opened; TAKEN again by itself when that month is collected.
    EARLY = "early"
    # Mailed to be tried only; answered, never a submission; for good.
    TRIED = "tried"
    # A PDF beside the workbook; its signatures were verified, its unit is told what came of it; for good.
    DOCUMENT = "document"


class UnitState(Labelled):
    """How a unit stands in a period."""

    # A version of it was accepted and counts; no reminder goes to it any more.
    ACCEPTED = "accepted", "Đã chấp nhận"
    # All that it sent was returned; it is reminded and expected to send a corrected file.
    REJECTED = "rejected", "Trả lại, chờ sửa"
    # Nothing came; it is reminded, and named to the coordinator at the close.
    MISSING = "missing", "Chưa nộp"
    # The only thing that came is held; a person decides whether it counts.
    QUARANTINED = "quarantined", "Tạm giữ, chờ xem"

    @property
    def reported(self) -> str:
        """The state as a report tells of it, looking back."""
        looking_back = {"rejected": "Bị trả lại", "quarantined": "Chờ xác minh"}
        return looking_back.get(self.value, self.label)


class Timeliness(Labelled):
    """Judged once, at receipt, against the deadline in force then."""

    # Received before the deadline; stays so, whatever comes later.
    ON_TIME = "on_time", "Đúng hạn"
    # Received at the deadline or after it; an extension by a person may still make it ON_TIME.
    LATE = "late", "Quá hạn"
    # Nothing was received that could be judged.
    MISSING = "missing", "Chưa nộp"


def judge_timeliness(received_at: datetime, submit_before: datetime) -> Timeliness:
    """On time means strictly before the deadline (decision 4 of the design)."""
    return Timeliness.ON_TIME if received_at < submit_before else Timeliness.LATE


@dataclass(frozen=True, slots=True)
class Row:
    """One data row of a sheet: typed values by column key. ``number`` is the row as seen in Excel, from 1."""

    number: int
    code: str | None
    values: Mapping[str, Any]

    def __reduce__(self) -> tuple[type["Row"], tuple[int, str | None, Mapping[str, Any]]]:
        """Rows go between processes by the thousand; by its fields one goes at half the cost."""
        return Row, (self.number, self.code, self.values)


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet as it was read. ``columns`` maps column keys to the letters under which they stand in this file."""

    key: str
    sheet: str
    columns: Mapping[str, str]
    rows: tuple[Row, ...]

    def cell(self, row: Row, column: str) -> str | None:
        """The address (``D12``) of a row's cell; None where the file has no such column."""
        letter = self.columns.get(column)
        return f"{letter}{row.number}" if letter else None


@dataclass(frozen=True, slots=True)
class Content:
    """A workbook as it was read: typed values with their cells, and what did not parse.

    Values: COUNT and AMOUNT are ``float``; PERCENT and RATIO are ``float`` in percent (85.5); DATE is
    ``datetime.date``; CHOICE is the list's own spelling; MARK is ``bool``; all others ``str``. An empty cell and a
    cell that did not parse are both None; the latter has a finding. ``form`` is the form's key (``thang``).
    ``info_sheet`` is the name of the information sheet, ``info_cells`` the addresses (``B11``) of its values by key.
    ``explanations``: what the workbook answers to findings of its earlier version. ``areas``: of a Word document, the
    first and the last cell (from 0) of each table in it, seen as a sheet.
    """

    form: str | None
    unit: str | None
    period: Period | None
    info: Mapping[str, Any] = field(default_factory=dict)
    info_sheet: str | None = None
    info_cells: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    explanations: tuple[Explained, ...] = ()
    areas: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table; none where the sheet was missing."""
        found = self.tables.get(table)
        return iter(found.rows if found else ())


@dataclass(frozen=True, slots=True)
class Origin:
    """The message that a file came with. ``sender`` is the address that it says it is from.

    ``is_authentic``: our own mail server vouches for that address. ``thread`` holds the message ids that an answer's
    References must name, the message's own last. ``hold``: why nothing that it brought may be counted; mostly empty.
    """

    sender: str
    subject: str
    message_id: str | None
    thread: tuple[str, ...]
    is_authentic: bool
    hold: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A file as it was received. ``period`` is the one that was being collected, or the one that an early file is for.

    ``arrived_at``: by the clock of the folder or the mail server, whatever time the run took for now; None: that is
    ``received_at``. ``origin`` is None for a file from a folder. ``released_by``: who let it out of the quarantine, for
    ``unit`` and ``period``. ``said_*``: what a held file says of itself.
    """

    id: int
    unit: str | None
    period: Period
    name: str
    sha256: str
    size: int
    received_at: datetime
    state: ReceiptState
    note: str = ""
    released_by: str | None = None
    origin: Origin | None = None
    arrived_at: datetime | None = None
    said_unit: str | None = None
    said_period: Period | None = None
    said_form: str | None = None

    @property
    def arrival(self) -> str:
        """The place in the order of arrival, as text that sorts so in Python and in every database.

        First the moment of receipt; where a run was given its moment and all are equal, the real arrival; then the
        order of taking in, which is that of the paths.
        """
        moments = (self.received_at, self.arrived_at or self.received_at)
        texts = (one.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") for one in moments)
        return "/".join((*texts, f"{self.id:012d}"))


@dataclass(frozen=True, slots=True)
class Submission:
    """Bài nộp: one version of a unit's report for a form and period, as it was judged at receipt.

    Of the accepted versions the one that arrived last counts (``arrival``, see :class:`Receipt`), whatever its number.
    Where ``decided_by`` is set, a person gave the verdict in place of the rules; nothing else ever changes it.
    """

    id: int
    receipt_id: int
    unit: str
    form: str
    period: Period
    version: int
    verdict: Verdict
    timeliness: Timeliness
    received_at: datetime
    submit_before: datetime
    critical: int
    warnings: int
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_reason: str | None = None
    arrival: str = ""

    @property
    def order(self) -> tuple[str, int]:
        """What versions of one report sort by: the order of arrival."""
        return self.arrival, self.version


UNREADABLE_RULES = frozenset({"file_unreadable", "file_unsafe", "file_encrypted"})
QUARANTINE_RULES = frozenset({"unit_mismatch", "period_mismatch"})


def judge(findings: tuple[Finding, ...] | list[Finding]) -> Verdict:
    """The verdict: unreadable, else rejected with a critical finding, else accepted."""
    if any(finding.rule in UNREADABLE_RULES for finding in findings):
        return Verdict.UNREADABLE
    if any(finding.severity is Severity.CRITICAL for finding in findings):
        return Verdict.REJECTED
    return Verdict.ACCEPTED


@dataclass(frozen=True, slots=True)
class Checked:
    """A workbook read and judged: its content, every finding (reading and rules), and the verdict."""

    content: Content
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """See :func:`judge`."""
        return judge(self.findings)

    def count(self, severity: Severity) -> int:
        """How many findings weigh so much."""
        return sum(finding.severity is severity for finding in self.findings)

    def as_row(self, file: str) -> dict[str, Any]:
        """As ``check --json`` prints it; ``file`` is what the person called the workbook."""
        content = self.content
        return {
            "file": file,
            "form": content.form,
            "unit": content.unit,
            "period": str(content.period) if content.period else None,
            "verdict": self.verdict.value,
            "findings": [finding.as_row() for finding in self.findings],
        }
