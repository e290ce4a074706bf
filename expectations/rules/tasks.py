"""The rules of the task sheet."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Rule, Severity
from baocao.domain.reported.progress import TaskStatus
from baocao.domain.wording import date_text
from expectations.rule import (
    PAIR_AT_LEAST,
    PAIR_EQUAL,
    VALUE_BETWEEN,
    VALUE_IN_SET,
    VALUE_NOT_NULL,
    VALUE_NULL,
    Check,
    Line,
    at_least,
    pair,
    words,
)
from expectations.rules.assignment import due_within
from expectations.rules.missing import VALUE_MISSING, asked, required_checks
from expectations.sheets import sheets_of

_STATUS = "Quy ước của hệ thống: Trạng thái và Tiến độ nói cùng một việc nên phải khớp nhau."

PROGRESS_RANGE = Rule(
    "progress_range",
    Severity.CRITICAL,
    "Tiến độ của nhiệm vụ {code} tại ô {cell} là {value}.",
    "Hãy ghi số từ 0 đến 100.",
    "Quy ước của hệ thống: tiến độ là phần trăm khối lượng công việc, từ 0 đến 100.",
)
DONE_MEANS_100 = Rule(
    "done_means_100",
    Severity.CRITICAL,
    "Nhiệm vụ {code} ghi “{status}” (ô {status_cell}) nhưng Tiến độ tại ô {cell} là {value}.",
    "Hãy ghi Tiến độ 100, hoặc chọn lại Trạng thái.",
    _STATUS,
)
DONE_NEEDS_DATE_AND_PRODUCT = Rule(
    "done_needs_date_and_product",
    Severity.CRITICAL,
    "Nhiệm vụ {code} ghi “{status}” (ô {status_cell}) nhưng ô {header} {cell} {lacking}.",
    "Hãy ghi {expected}, hoặc chọn lại Trạng thái.",
    "Kế hoạch, mục V.2: phải xác định rõ thời gian, tiến độ hoàn thành, sản phẩm của từng nhiệm vụ.",
)
DONE_DATE_IN_PAST = Rule(
    "done_date_in_past",
    Severity.CRITICAL,
    "Ngày hoàn thành nhiệm vụ {code} tại ô {cell} là {value}, sau {cutoff}, ngày mà số liệu kỳ này được tính đến.",
    "Hãy ghi ngày đã hoàn thành thực tế; việc chưa xong thì chọn lại Trạng thái và để trống ô này.",
    "Quy ước của hệ thống: báo cáo nói về việc đã làm đến ngày chốt số liệu; việc chưa tới ngày thì chưa hoàn thành.",
)
NOT_STARTED_MEANS_0 = Rule(
    "not_started_means_0",
    Severity.CRITICAL,
    "Nhiệm vụ {code} ghi “{status}” (ô {status_cell}) nhưng Tiến độ tại ô {cell} là {value}.",
    "Hãy ghi Tiến độ 0, hoặc chọn lại Trạng thái.",
    _STATUS,
)
TASK_REGRESSED = Rule(
    "task_regressed",
    Severity.WARNING,
    "Nhiệm vụ {code} lùi so với kỳ {previous_period}: trước là “{previous_status}”, tiến độ {previous_progress}; nay "
    "là “{status}” (ô {status_cell}), tiến độ {progress} (ô {progress_cell}).",
    "Hãy kiểm tra lại; nếu đúng, hãy nêu lý do ở cột Ghi chú.",
    "Quy ước của hệ thống: nhiệm vụ đã báo tiến độ thì không lùi nếu không có lý do; người tổng hợp cần biết lý do.",
)
TASK_OVERDUE = Rule(
    "task_overdue",
    Severity.WARNING,
    "Nhiệm vụ {code} quá hạn {due} mà đến ngày chốt số liệu {cutoff} vẫn “{value}” (ô {cell}).",
    "Hãy cập nhật Trạng thái, hoặc nêu nguyên nhân và thời hạn mới ở cột Ghi chú.",
    "Kế hoạch, mục V.2: phải xác định rõ thời gian, tiến độ hoàn thành; quá hạn là căn cứ để đôn đốc (mục V.1).",
)

DUE_CHANGED = Rule(
    "due_changed",
    Severity.CRITICAL,
    "Hạn hoàn thành của {code} tại ô {cell} là {value}, khác hạn {expected} trong phân công đã được chấp nhận{beyond}.",
    "Hãy ghi lại {expected}; muốn đổi hạn thì gửi lại biểu phân công, được chấp nhận rồi mới ghi hạn mới ở đây.",
    "Kế hoạch, mục V.2: thời gian hoàn thành được xác định trong phân công; báo cáo tháng không tự đổi hạn.",
)
PRODUCT_NUMBERED = Rule(
    "product_numbered",
    Severity.CRITICAL,
    "Nhiệm vụ {code} ghi “{status}” (ô {status_cell}) mà ô {header} {cell} vẫn chỉ là “{value}” như khi phân công.",
    "Hãy ghi thêm {expected}.",
    "Kế hoạch, mục V.2: phải xác định rõ sản phẩm; sản phẩm đã hoàn thành thì có số, ngày văn bản hoặc tên cụ thể.",
)

_DONE, _NOT_STARTED = TaskStatus.DONE.value, TaskStatus.NOT_STARTED.value


def task_checks(plan: Plan) -> tuple[Check, ...]:
    """The checks of the task sheet of every form that has one."""
    return (
        *required_checks(sheets_of(plan, "tasks"), exempt={"progress_pct"}),
        _progress_missing(plan),
        *_progress(),
        _done_needs("done_date", "ngày hoàn thành, như 18/10/2022"),
        _done_needs("product", "sản phẩm (số và ngày của văn bản, hoặc tên sản phẩm)"),
        Check(
            PRODUCT_NUMBERED,
            "product",
            VALUE_NULL,
            {"column": "unnumbered"},
            words("số và ngày của văn bản đã ban hành, hoặc tên cụ thể của sản phẩm"),
            more=_status,
        ),
        *_due(plan),
        Check(
            DONE_DATE_IN_PAST,
            "done_date",
            PAIR_AT_LEAST,
            at_least("cutoff", "done_date"),
            lambda line: f"không sau ngày chốt số liệu {line.text('cutoff')}",
            more=lambda line: {"cutoff": line.text("cutoff")},
        ),
        *_regressed(),
        Check(
            TASK_OVERDUE,
            "status",
            VALUE_NULL,
            {"column": "overdue_since"},
            lambda line: f"“{_DONE}” trước hạn {line.text('due')}",
            more=lambda line: {"due": line.text("due"), "cutoff": line.text("judged_at")},
        ),
    )


def _due(plan: Plan) -> tuple[Check, Check]:
    """Against the accepted assignment; where there is none, against the time of the plan."""
    end = plan.roadmap.end
    return (
        Check(
            DUE_CHANGED,
            "due_date",
            PAIR_EQUAL,
            pair("due_date", "assigned_due"),
            lambda line: line.text("assigned_due"),
            more=lambda line: {"beyond": _beyond(line, end)},
        ),
        replace(due_within(plan), where={"is_assigned": False}),
    )


def _beyond(line: Line, end: date) -> str:
    is_late = line.values["due_date"].date() > end
    return f", và sau ngày kết thúc {date_text(end)}" if is_late else ""


def _progress_missing(plan: Plan) -> Check:
    """A task that does not occur may leave its progress empty."""
    sheets = sheets_of(plan, "tasks")
    column = next(iter(sheets.values())).column("progress_pct")
    forms = tuple(form for form, sheet in sheets.items() if sheet.column("progress_pct").required)
    return Check(
        VALUE_MISSING,
        "progress_pct",
        VALUE_NOT_NULL,
        {"column": "progress_pct"},
        words(asked(column)),
        where={"form": forms, "is_progress_asked": True},
    )


def _progress() -> tuple[Check, Check, Check]:
    return (
        _progress_between(PROGRESS_RANGE, 0, 100, "từ 0 đến 100", {}),
        _progress_between(DONE_MEANS_100, 100, 100, "100", {"status": _DONE}),
        _progress_between(NOT_STARTED_MEANS_0, 0, 0, "0", {"status": _NOT_STARTED}),
    )


def _progress_between(rule: Rule, low: float, high: float, expected: str, where: Mapping[str, Any]) -> Check:
    options = {"column": "progress_pct", "min_value": low, "max_value": high}
    return Check(rule, "progress_pct", VALUE_BETWEEN, options, words(expected), where=where, more=_status)


def _done_needs(column: str, expected: str) -> Check:
    return Check(
        DONE_NEEDS_DATE_AND_PRODUCT,
        column,
        VALUE_NOT_NULL,
        {"column": column},
        words(expected),
        where={"status": _DONE},
        more=_status,
    )


def _regressed() -> tuple[Check, Check]:
    """At the status where a task that was done was opened again, else at the progress that is lower."""
    return (
        Check(
            TASK_REGRESSED,
            "status",
            VALUE_IN_SET,
            {"column": "status", "value_set": [_DONE]},
            words(f"“{_DONE}” như kỳ trước"),
            where={"has_reopened": True},
            more=_then_and_now,
        ),
        Check(
            TASK_REGRESSED,
            "progress_pct",
            PAIR_AT_LEAST,
            at_least("progress_pct", "previous_progress_pct"),
            lambda line: f"không thấp hơn kỳ trước ({line.text('previous_progress_pct')})",
            where={"has_reopened": False},
            more=_then_and_now,
        ),
    )


def _status(line: Line) -> Mapping[str, Any]:
    return {"status": line.text("status"), "status_cell": line.cell("status")}


def _then_and_now(line: Line) -> Mapping[str, Any]:
    return {
        **_status(line),
        "progress": line.text("progress_pct"),
        "progress_cell": line.cell("progress_pct"),
        "previous_period": Period.parse(line.values["previous_period"]).short,
        "previous_status": line.text("previous_status"),
        "previous_progress": line.text("previous_progress_pct"),
    }
