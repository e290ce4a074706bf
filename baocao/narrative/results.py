"""Kết quả: the paragraphs on what was reached, what moved and how the tasks stand."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from baocao.domain.planned.indicator import IndicatorKind
from baocao.domain.planned.period import Period
from baocao.domain.received.submission import UnitState
from baocao.domain.reported.document import Document, ResultsDocument
from baocao.domain.reported.outcome import (
    Outcome,
    direction,
    gained,
    is_separate,
    lacking_points,
    lacking_text,
    measured,
    outcome,
    ratio_text,
)
from baocao.domain.reported.progress import FigureResult, TaskStatus, UnitTask
from baocao.domain.wording import count_text, date_text, enumeration, percent_text, points_text
from baocao.narrative.coverage import (
    compared_text,
    coverage_clauses,
    is_partly_compared,
    set_aside_clause,
    silent_clause,
    silent_names,
)
from baocao.narrative.phrases import bare, listed, lower_first, out_of, padded, sentence, shortened, unit_names

_MOVERS = 3
_TASKS_NAMED = 4
NO_FIGURES = "Chưa có báo cáo nào của đơn vị được chấp nhận nên chưa tổng hợp được số liệu."


def named(figure: FigureResult) -> str:
    """An indicator within a sentence: ``công chức được gắn định danh số (B1)``."""
    return f"{lower_first(bare(figure.name))} ({figure.code})"


def named_alone(report: ResultsDocument, figure: FigureResult) -> str:
    """An indicator, or a component with the indicator that it belongs to."""
    if figure.is_headline:
        return named(figure)
    whole = next((other for other in report.figures if other.code == figure.indicator), figure)
    return f"thành phần “{bare(figure.name)}” của chỉ tiêu {lower_first(bare(whole.name))} ({figure.code})"


def of_outcome(report: ResultsDocument, wanted: Outcome) -> tuple[FigureResult, ...]:
    """The headlines that stand so, in the plan's order."""
    return tuple(figure for figure in report.headlines if outcome(report, figure) is wanted)


def accepted_units(report: Document) -> list[str]:
    """The names of the units whose figures are in the report."""
    return [standing.name for standing in report.standings if standing.state is UnitState.ACCEPTED]


def result_paragraphs(report: ResultsDocument) -> tuple[str, ...]:
    """Indicators: the whole, each group, what moved, what adds up since the beginning."""
    if not accepted_units(report):
        return (NO_FIGURES,)
    groups = (_group(report, key, name) for key, name in report.indicator_groups.items())
    paragraphs = (coverage(report), _overall(report), *groups, _movement(report), _cumulative(report))
    return tuple(paragraph for paragraph in paragraphs if paragraph)


def coverage(report: Document) -> str:
    """Whose figures are in the report, and whose are not."""
    accepted = accepted_units(report)
    whole = len(report.standings)
    made_of = f"Số liệu được tổng hợp từ báo cáo của {out_of(len(accepted), whole, 'đơn vị')}"
    return f"{made_of}{silent_clause(report)}.{set_aside_clause(report)}"


def overall_counts(report: ResultsDocument) -> str:
    """``09/15 chỉ tiêu đạt mục tiêu, 05 chỉ tiêu chưa đạt, 01 chỉ tiêu không phát sinh``."""
    whole = len(report.headlines)
    reached = len(of_outcome(report, Outcome.REACHED))
    parts = [f"{out_of(reached, whole, 'chỉ tiêu')} đạt mục tiêu" if reached else "chưa có chỉ tiêu nào đạt mục tiêu"]
    others = (
        (Outcome.MISSED, "chưa đạt"),
        (Outcome.NOT_APPLICABLE, "không phát sinh"),
        (Outcome.NO_DATA, "chưa có số liệu"),
    )
    for wanted, words in others:
        if count := len(of_outcome(report, wanted)):
            parts.append(f"{padded(count)} chỉ tiêu {words}")
    return ", ".join(parts)


def _overall(report: ResultsDocument) -> str:
    silent = silent_names(report)
    without = f" (chưa có báo cáo của {unit_names(silent)})" if silent else ""
    return sentence(f"Toàn {report.phase}: {overall_counts(report)}{without}{_gained(report)}")


def _gained(report: ResultsDocument) -> str:
    known = [change for figure in report.headlines if (change := gained(report, figure)) is not None]
    if not known:
        return ""
    change = sum(known)
    moved = f"{'tăng' if change > 0 else 'giảm'} {padded(abs(change))}" if change else "không đổi"
    among = ", tính trên các đơn vị có số liệu cả hai tháng" if is_partly_compared(report) else ""
    return f"; số chỉ tiêu đạt {moved} so với tháng trước{among}"


def _group(report: ResultsDocument, key: str, name: str) -> str:
    mine = [figure for figure in report.headlines if report.indicator_group_of.get(figure.indicator) == key]
    if not mine:
        return ""
    by_outcome = {kind: [figure for figure in mine if outcome(report, figure) is kind] for kind in Outcome}
    reached, missed = by_outcome[Outcome.REACHED], by_outcome[Outcome.MISSED]
    count = f"{out_of(len(reached), len(mine), 'chỉ tiêu')} đạt" if reached else "chưa có chỉ tiêu nào đạt"
    parts = [f"{name.rstrip(' :')}: {count}"]
    if reached:
        parts.append(f"Đã đạt: {'; '.join(reached_phrase(report, figure) for figure in reached)}")
    if missed:
        parts.append(f"Chưa đạt: {'; '.join(missed_phrase(report, figure) for figure in missed)}")
    others = (Outcome.NOT_APPLICABLE, Outcome.NO_DATA)
    parts += [f"{kind.value}: {'; '.join(map(named, by_outcome[kind]))}" for kind in others if by_outcome[kind]]
    return ". ".join([*parts, *coverage_clauses(report, mine)]) + "."


def reached_phrase(report: ResultsDocument, figure: FigureResult) -> str:
    """``X (A1) 100%``; by components where there is no headline ratio."""
    joint = " " if measured(report, figure) == (figure,) else ", "
    return f"{named(figure)}{joint}{_values(report, figure)}"


def missed_phrase(report: ResultsDocument, figure: FigureResult) -> str:
    """``X (A3) 54,3% (mục tiêu 60%, còn thiếu 5,7 điểm %)``; by components where there is no headline ratio."""
    target = percent_text(figure.target_pct)
    if measured(report, figure) != (figure,):
        return f"{named(figure)}, mục tiêu {target}, {_values(report, figure)}"
    lacking = lacking_text(lacking_points(figure))
    return f"{named(figure)} {_values(report, figure)} (mục tiêu {target}, còn thiếu {lacking})"


def _values(report: ResultsDocument, figure: FigureResult) -> str:
    parts = measured(report, figure)
    if parts == (figure,):
        return ratio_text(figure)
    by = "ước theo thành phần" if figure.is_estimated else "trong đó"
    return f"{by} {', '.join(f'{lower_first(part.name)} {lower_first(ratio_text(part))}' for part in parts)}"


def _movement(report: ResultsDocument) -> str:
    parts = [part for figure in report.headlines for part in measured(report, figure)]
    compared = [part for part in parts if part.change_points is not None]
    if not compared:
        is_first = report.period == Period.of(report.pilot.start)
        return (
            "Đây là kỳ báo cáo đầu tiên nên chưa có số liệu để so sánh."
            if is_first
            else "Kỳ trước chưa có số liệu để so sánh."
        )
    ups = sorted((p for p in compared if direction(p.change_points) > 0), key=lambda p: -(p.change_points or 0))
    downs = sorted((p for p in compared if direction(p.change_points) < 0), key=lambda p: p.change_points or 0)
    if not ups and not downs:
        return "So với tháng trước, các tỷ lệ không thay đổi."
    same = len(compared) - len(ups) - len(downs)
    clauses = (
        _movers(report, ups, "tăng", "lên"),
        _movers(report, downs, "giảm", "còn") or "không có tỷ lệ nào giảm",
        f"{padded(same)} tỷ lệ không đổi" if same else "",
    )
    apart = [figure.code for figure in report.headlines if is_separate(figure)]
    by_parts = f" ({enumeration(apart)} tính theo từng thành phần)" if apart else ""
    moves = " ".join(sentence(clause) for clause in clauses if clause)
    among = " So sánh chỉ tính các đơn vị có số liệu cả hai tháng." if is_partly_compared(report) else ""
    return f"So với tháng trước{by_parts}, {moves}{among}"


def _movers(report: ResultsDocument, parts: Sequence[FigureResult], verb: str, towards: str) -> str:
    if not parts:
        return ""
    shown = [
        f"{named_alone(report, part)} {verb} {points_text(part.change_points or 0)}, {towards} {compared_text(part)}"
        for part in parts[:_MOVERS]
    ]
    most = ", nhiều nhất là" if len(parts) > _MOVERS else ""
    return f"{padded(len(parts))} tỷ lệ {verb}{most}: {'; '.join(shown)}"


def _cumulative(report: ResultsDocument) -> str:
    if report.period == Period.of(report.pilot.start):
        return ""
    flows = [figure for figure in report.headlines if figure.kind is IndicatorKind.FLOW and not figure.is_estimated]
    shown = [text for figure in flows if (text := _cumulative_of(report, figure))]
    return f"Lũy kế từ đầu {report.phase}: {'; '.join(shown)}." if shown else ""


def _cumulative_of(report: ResultsDocument, figure: FigureResult) -> str:
    known = [part for part in measured(report, figure) if part.cumulative_ratio_pct is not None]
    values = [
        f"{percent_text(part.cumulative_ratio_pct, part.target_pct)} "
        f"({count_text(part.cumulative_numerator)}/{count_text(part.cumulative_denominator)})"
        for part in known
    ]
    if not is_separate(figure):
        return f"{named(figure)} {values[0]}" if values else ""
    parts = (f"{lower_first(part.name)} {value}" for part, value in zip(known, values, strict=True))
    return f"{named(figure)}, trong đó {', '.join(parts)}" if known else ""


def task_paragraphs(report: ResultsDocument) -> tuple[str, ...]:
    """Tasks: how many stand how, by group, and what was finished this month."""
    known = [task for task in report.tasks if task.status is not None]
    if not known:
        return ("Chưa có đơn vị nào báo cáo kết quả thực hiện nhiệm vụ.",)
    paragraphs = (task_counts(report, known), task_groups(report, known), _finished_now(report, known))
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


def task_groups(report: ResultsDocument, known: list[UnitTask]) -> str:
    """How many are done under each heading of the plan."""
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
    return f"Trong tháng hoàn thành {padded(len(done))} đầu việc: {tasks_text(report, done)}."


def tasks_text(report: Document, tasks: Sequence[UnitTask], *, with_due: bool = False) -> str:
    """Some tasks of some units, by task in the plan's order: ``tên nhiệm vụ (III.1.2; hạn 31/10/2022; đơn vị)``."""
    order = {task.code: position for position, task in enumerate(report.task_names)}
    names = {task.code: task.name for task in report.task_names}
    by_key: dict[tuple[str, date | None], list[str]] = {}
    for task in tasks:
        by_key.setdefault((task.code, task.due_date if with_due else None), []).append(task.unit)
    shown = []
    for code, due in sorted(by_key, key=lambda key: (key[1] or date.min, order.get(key[0], 0))):
        deadline = f"hạn {date_text(due)}; " if due else ""
        units = units_text(report, by_key[code, due])
        shown.append(f"{lower_first(shortened(names.get(code, code)))} ({code}; {deadline}{units})")
    return listed(shown, "nhiệm vụ", _TASKS_NAMED)


def units_text(report: Document, codes: Sequence[str]) -> str:
    """Units by name; all of them are «cả 03 đơn vị»."""
    whole = len(report.standings)
    if len(codes) == whole and whole > 2:
        return out_of(whole, whole, "đơn vị")
    return unit_names([report.unit_name(code) for code in codes])
