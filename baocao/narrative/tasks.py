"""Nhiệm vụ: the paragraphs on how the tasks stand."""

from collections import Counter
from collections.abc import Sequence

from baocao.domain.planned.period import Period
from baocao.domain.reported.document import Document, ResultsDocument
from baocao.domain.reported.progress import OPEN_TASK, TaskStatus, UnitTask
from baocao.narrative.phrases import bare, lower_first, out_of, padded
from baocao.narrative.results import units_text


def task_paragraphs(report: ResultsDocument) -> tuple[str, ...]:
    """Tasks: how many stand how, and what was finished this month."""
    known = report.told_tasks
    if not known:
        return ("Chưa có đơn vị nào báo cáo kết quả thực hiện nhiệm vụ.",)
    paragraphs = (task_counts(report, known), _finished_now(report, known))
    return tuple(paragraph for paragraph in paragraphs if paragraph)


def task_counts(report: ResultsDocument, known: list[UnitTask]) -> str:
    """How many tasks of how many units stand how."""
    units = len({task.unit for task in known})
    applicable = [task for task in known if task.status is not TaskStatus.NOT_APPLICABLE]
    if applicable and all(task.status is TaskStatus.DONE for task in applicable):
        counts = f"{out_of(len(applicable), len(applicable), 'đầu việc')} đã hoàn thành"
        none = len(known) - len(applicable)
        counts += f" ({padded(none)} đầu việc khác không phát sinh)" if none else ""
    else:
        words = {
            TaskStatus.DONE: "hoàn thành",
            TaskStatus.IN_PROGRESS: "đang triển khai",
            TaskStatus.NOT_STARTED: "chưa triển khai",
            TaskStatus.NOT_APPLICABLE: "không phát sinh",
        }
        tally = {status: sum(task.status is status for task in known) for status in words}
        counts = f"{padded(len(known))} đầu việc, trong đó " + ", ".join(
            f"{padded(count)} {words[status]}" for status, count in tally.items() if count
        )
    return (
        f"{padded(units)} đơn vị báo cáo tiến độ {padded(len(report.task_names))} nhiệm vụ của Kế hoạch "
        f"(mỗi nhiệm vụ tại một đơn vị tính là một đầu việc): {counts}."
    )


def task_groups(report: ResultsDocument) -> str:
    """How many are done under each heading of the plan; stands below the annex of the tasks."""
    known = report.told_tasks
    group_of = {task.code: task.group for task in report.task_names}
    asked = Counter(group_of.get(task.code) for task in known if task.status is not TaskStatus.NOT_APPLICABLE)
    done = Counter(group_of.get(task.code) for task in known if task.status is TaskStatus.DONE)
    shown = [
        f"{lower_first(name.partition('. ')[2] or name)} {padded(done[key])}/{padded(asked[key])}"
        for key, name in report.task_groups.items()
        if asked[key]
    ]
    return f"Số đầu việc hoàn thành theo nhóm nhiệm vụ: {'; '.join(shown)}." if done else ""


def _finished_now(report: ResultsDocument, known: list[UnitTask]) -> str:
    done = [task for task in known if task.done_date and Period.of(task.done_date) == report.period]
    if not any(task.status is TaskStatus.DONE for task in known):
        return "Đến nay chưa có đầu việc nào hoàn thành."
    if not done:
        return "Trong tháng chưa có đầu việc nào hoàn thành thêm."
    codes = [one.code for one in report.task_names if one.code in {task.code for task in done}]
    text = f"Trong tháng hoàn thành {padded(len(done))} đầu việc ({', '.join(codes)})"
    before = sum(task.status is TaskStatus.DONE for task in known) - len(done)
    if before > 0:
        text = f"Theo ngày hoàn thành: {padded(len(done))} đầu việc xong trong tháng ({', '.join(codes)})"
        text += f", {padded(before)} đầu việc xong từ các tháng trước"
    return f"{text}, nêu tại Phụ lục III."


def unfinished(report: ResultsDocument) -> str:
    """The work that is not done, all of it by name; empty where everything is."""
    open_ = [task for task in report.tasks if task.status in OPEN_TASK]
    return f"{padded(len(open_))} đầu việc chưa hoàn thành: {_tasks_text(report, open_)}." if open_ else ""


def _tasks_text(report: Document, tasks: Sequence[UnitTask]) -> str:
    """Some tasks of some units, by task in the plan's order: ``tên nhiệm vụ (III.1.2; đơn vị)``; none is left out."""
    by_code: dict[str, list[str]] = {task.code: [] for task in report.task_names}
    for task in tasks:
        by_code.setdefault(task.code, []).append(task.unit)
    names = {task.code: task.label for task in report.task_names}
    return "; ".join(
        f"{lower_first(bare(names.get(code, code)))} ({code}; {units_text(report, units)})"
        for code, units in by_code.items()
        if units
    )
