"""What an office types into each form: clean, consistent from month to month, each with its mark as a sample."""

from datetime import date, timedelta

from baocao.domain.planned.indicator import Figure, Indicator, figures_of
from baocao.domain.planned.period import Period
from baocao.domain.reported.outcome import Outcome
from baocao.domain.reported.progress import TaskStatus, is_reached
from baocao.domain.wording import count_text, decimal_text
from baocao.workbook.filling import Filled
from deployments.sample.courses import TaskCourse, task_courses
from deployments.sample.figures import Counts, final_counts, is_judged, month_counts
from deployments.sample.office import MARK, Office, has_sheet, months_of
from deployments.sample.times import on_working_day
from deployments.sample.writing.budget import budget_rows
from deployments.sample.writing.difficulties import troubles_at
from deployments.sample.writing.topics import Topic, topic_of

Row = dict[str, object]
_KEEP, _ADJUST, _DROP = "Giữ nguyên", "Điều chỉnh", "Bỏ"
_ROOMS = ("Văn phòng", "Phòng Kế hoạch - Tài chính", "Phòng Tổ chức - Hành chính", "Tổ chuyển đổi số của đơn vị")
_PRODUCTS = (
    ("KH", "Kế hoạch"),
    ("BC", "Báo cáo kết quả thực hiện"),
    ("QĐ", "Quyết định"),
    ("TB", "Thông báo"),
)


def content_of(office: Office, period: Period, cutoff: date) -> Filled:
    """What the office sends in a period, whatever the form: by the sheets that the form has."""
    form = office.plan.form_of(period)
    if has_sheet(form, "assignments"):
        return assignment_content(office, period, cutoff)
    if has_sheet(form, "assessments"):
        return final_content(office, cutoff)
    return month_content(office, period, cutoff)


def month_content(office: Office, period: Period, cutoff: date) -> Filled:
    """A month's figures, tasks and difficulties at the cut-off date."""
    step = months_of(office.plan).index(period)
    counts = month_counts(office, step)
    return Filled(
        info=_info(office, cutoff),
        tables={"figures": _figure_rows(office, counts, cutoff), "tasks": _task_rows(office, cutoff)},
        free={"difficulties": troubles_at(office, step)},
    )


def final_content(office: Office, cutoff: date) -> Filled:
    """The final self-assessment: its results agree with its figures."""
    counts = final_counts(office)
    return Filled(
        info=_info(office, cutoff),
        tables={
            "figures": _figure_rows(office, counts, cutoff),
            "tasks": _task_rows(office, cutoff),
            "assessments": {one.code: _assessment(office, one, counts) for one in office.plan.indicators},
        },
        free={"difficulties": troubles_at(office, len(months_of(office.plan)))},
    )


def assignment_content(office: Office, period: Period, cutoff: date) -> Filled:
    """Who leads what until when with what product, and the budget."""
    codes = office.plan.row_codes(office.plan.form_of(period).sheet("assignments").rows)
    known = {one.code: _indicator_assignment(office, one) for one in office.plan.indicators}
    known |= {course.task.code: _task_assignment(office, course) for course in task_courses(office)}
    rows = {code: known[code] for code in codes}
    return Filled(info=_info(office, cutoff), tables={"assignments": rows}, free={"budget": budget_rows(office)})


def _info(office: Office, cutoff: date) -> Row:
    number = office.chance("phone").randint(100, 999)
    return {
        "cutoff_date": cutoff,
        "prepared_by": f"Chuyên viên tổng hợp ({MARK})",
        "phone": f"000 0000 {number}",
        "email": office.unit.email,
        "approved_by": f"Lãnh đạo {office.unit.name}",
        "approved_date": cutoff,
    }


def _figure_rows(office: Office, counts: Counts, cutoff: date) -> dict[str, Row]:
    return {figure.code: _figure_row(office, figure, *counts[figure.code], cutoff) for figure in _typed(office)}


def _typed(office: Office) -> list[Figure]:
    return [figure for figure in office.plan.figures if figure.is_typed]


def _figure_row(office: Office, figure: Figure, numerator: int, denominator: int, cutoff: date) -> Row:
    row: Row = {"numerator": numerator, "denominator": denominator}
    reached = is_reached(numerator, denominator, figure.of(office.unit.code).target_pct, figure.direction)
    if reached is None:
        return row | {"note": "Không phát sinh: đơn vị không có đối tượng thuộc chỉ tiêu này"}
    if reached:
        return row | {"evidence": _proof(office, figure, cutoff)}
    return row | {"note": _shortfall(office, figure, denominator - numerator, denominator, cutoff)}


def _proof(office: Office, figure: Figure, cutoff: date) -> str:
    """A title with its number and date: a decision stays the same, all others are of the period.

    A title that has no place for a number has the date alone.
    """
    chance = office.chance("proof", figure.indicator)
    template = chance.choice(topic_of(figure).proofs)
    since = office.plan.pilot.start + timedelta(days=chance.randint(4, 9))
    day = on_working_day(office, since if "{QĐ}" in template else cutoff - timedelta(days=chance.randint(0, 2)))
    text = template.format(**{kind: office.number(kind, day) for kind in ("BC", "QĐ", "TB", "DS")})
    return text if text != template else f"{text}, ngày {day:%d/%m/%Y}"


def _shortfall(office: Office, figure: Figure, lacking: int, whole: int, cutoff: date) -> str:
    gap = f"Còn {count_text(lacking)}/{count_text(whole)} chưa đạt"
    if not is_judged(figure):
        return gap
    topic = topic_of(figure)
    chance = office.chance("shortfall", figure.code, cutoff.month // 2)
    cause, remedy = chance.choice(topic.causes), chance.choice(topic.remedies)
    return f"{gap} do {cause}; {office.unit.code} sẽ {remedy}"


def _task_rows(office: Office, cutoff: date) -> dict[str, Row]:
    return {course.task.code: _task_row(office, course, cutoff) for course in task_courses(office)}


def _task_row(office: Office, course: TaskCourse, cutoff: date) -> Row:
    code, status = course.task.code, course.status(cutoff)
    row: Row = {**_leads(office, code), "due_date": course.due, "status": status.value}
    if status is TaskStatus.NOT_APPLICABLE:
        return row | {"note": "Không phát sinh: nội dung do đơn vị cấp trên thực hiện tập trung"}
    row["progress_pct"] = course.progress_pct(cutoff)
    if status is TaskStatus.DONE and course.done:
        kind, title = _product(office, code)
        return row | {"done_date": course.done, "product": f"{title} {office.number(kind, course.done)}"}
    if course.due < cutoff:
        row["note"] = f"Chậm so với hạn {course.due:%d/%m/%Y} do phải chờ ý kiến thẩm định; lãnh đạo đã đôn đốc"
    return row


def _leads(office: Office, code: str) -> Row:
    lead, other = office.chance("leads", code).sample(_ROOMS, 2)
    return {"lead": lead, "coordinating": other}


def _product(office: Office, code: str) -> tuple[str, str]:
    return office.chance("product", code).choice(_PRODUCTS)


def _indicator_assignment(office: Office, indicator: Indicator) -> Row:
    pilot = office.plan.pilot
    months_early = office.chance("indicator due", indicator.code).choice((0, 0, 1, 2))
    due = Period.of(pilot.end).shift(-months_early).last_day
    return {
        **_leads(office, indicator.code),
        "start_date": pilot.start,
        "due_date": min(max(due, pilot.start), pilot.end),
        "product": f"Báo cáo kết quả hằng tháng, đạt từ {decimal_text(indicator.target_pct)}% trở lên",
    }


def _task_assignment(office: Office, course: TaskCourse) -> Row:
    code = course.task.code
    row: Row = {**_leads(office, code), "start_date": course.start, "due_date": course.due}
    return row | {"product": f"{_product(office, code)[1]} của {office.unit.name}"}


def _assessment(office: Office, indicator: Indicator, counts: Counts) -> Row:
    judged = [figure for figure in figures_of(indicator.of(office.unit.code)) if is_judged(figure)]
    reached = [is_reached(*counts[figure.code], figure.target_pct, figure.direction) for figure in judged]
    topic = topic_of(office.plan.figure_by_code[indicator.code])
    if False in reached:
        return _missed(office, indicator, topic)
    if True not in reached:
        return {"result": Outcome.NOT_APPLICABLE.value, "proposal": _KEEP}
    return {"result": Outcome.REACHED.value, "lesson": topic.lesson, "proposal": _KEEP}


def _missed(office: Office, indicator: Indicator, topic: Topic) -> Row:
    chance = office.chance("missed", indicator.code)
    proposal = chance.choices((_ADJUST, _KEEP, _DROP), (65, 30, 5))[0]
    cause = chance.choice(topic.causes)
    return {
        "result": Outcome.MISSED.value,
        "cause": cause[:1].upper() + cause[1:],
        "lesson": topic.lesson,
        "proposal": proposal,
        "adjustment": topic.adjustment if proposal == _ADJUST else "",
    }
