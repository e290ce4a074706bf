"""What a changed plan changes, in words; and what of it would falsify what was reported already."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from baocao.domain.planned.calendar import Schedule, build_calendar
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import Unit
from baocao.domain.reported.frozen import FrozenFigure, shape_of
from baocao.domain.wording import count_text, decimal_text, moment_text
from baocao.plan.workdays import working_days

_DATES = {
    "open_at": "ngày mở",
    "submit_before": "hạn nộp",
    "close_at": "ngày khóa sổ",
    "report_at": "ngày báo cáo",
    "report_before": "hạn báo cáo",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changes; ``falsifies`` says why it must not, where something was reported already.

    ``unit``: the unit that goes; whether it has reported is for the store to say. ``last``: one that reports no more
    after a period; whether it has reported a later one is for the store to say, too.
    """

    text: str
    falsifies: str = ""
    unit: str = ""
    last: Unit | None = None


def changes_between(old: Plan, new: Plan, reported: frozenset[Period]) -> list[Change]:
    """Everything that differs and matters, in the order units, indicators, tasks, dates, forms, recipients.

    ``reported``: the periods of which a report was made.
    """
    return [
        *_units(old, new, reported),
        *_figures(old, new, is_reported=bool(reported)),
        *_phases(old, new),
        *_measures(old, new, is_reported=bool(reported)),
        *_tasks(old, new),
        *_dates(old, new, reported),
        *_forms(old, new),
        *_recipients(old, new),
    ]


def _units(old: Plan, new: Plan, reported: frozenset[Period]) -> Iterator[Change]:
    before, after = old.unit_by_code, new.unit_by_code
    for code, unit in after.items():
        if code not in before:
            yield Change(f"Thêm đơn vị {code} ({unit.name}){_since(unit)}; các kỳ đã báo cáo không tính đơn vị này.")
    for code, unit in before.items():
        if code not in after:
            yield Change(f"Bỏ đơn vị {code} ({unit.name}).", unit=code)
        else:
            yield from _unit(unit, after[code])
            yield from _life(unit, after[code], reported)


def _since(unit: Unit) -> str:
    whole = f", tách từ {unit.split_from}" if unit.split_from else ""
    return f"{whole} từ kỳ {unit.valid_from.short}" if unit.valid_from else ""


def _life(before: Unit, after: Unit, reported: frozenset[Period]) -> Iterator[Change]:
    """In which periods a unit reports; what was reported is no longer to be changed."""
    names = ("valid_from", "valid_to", "merged_into", "split_from")
    if all(getattr(before, name) == getattr(after, name) for name in names):
        return
    touched = sorted(one for one in reported if before.reports_in(one) != after.reports_in(one))
    why = f"kỳ {', '.join(one.short for one in touched)} đã báo cáo" if touched else ""
    if after.valid_to:
        into = f", sau đó nhập vào {after.merged_into}" if after.merged_into else ""
        yield Change(f"Đơn vị {after.code} báo cáo đến hết kỳ {after.valid_to.short}{into}.", why, last=after)
    elif after.valid_from:
        yield Change(f"Đơn vị {after.code}{_since(after)} mới báo cáo.", why)
    else:
        yield Change(f"Đơn vị {after.code} báo cáo mọi kỳ.", why)


def _unit(before: Unit, after: Unit) -> Iterator[Change]:
    if before.name != after.name:
        yield Change(f"Đơn vị {before.code} đổi tên: “{before.name}” → “{after.name}”; các kỳ đã báo cáo giữ tên cũ.")
    if (before.email, before.head_email, before.senders) != (after.email, after.head_email, after.senders):
        told = ", ".join(one for one in (after.email, after.head_email, *after.senders) if one)
        yield Change(f"Đơn vị {before.code} đổi địa chỉ thư: {told}.")


def _figures(old: Plan, new: Plan, *, is_reported: bool) -> Iterator[Change]:
    before, after = ({one.code: one for one in shape_of(plan).figures} for plan in (old, new))
    known = {one.indicator for one in before.values()}
    for code, figure in after.items():
        if code not in before:
            why = (
                "không thêm được thành phần vào chỉ tiêu đã báo cáo"
                if figure.indicator in known and is_reported
                else ""
            )
            yield Change(f"Thêm chỉ tiêu {code} ({figure.name}); các kỳ đã báo cáo không có chỉ tiêu này.", why)
    for code, figure in before.items():
        if code not in after:
            why = "số liệu đã báo cáo sẽ mất chỗ đứng" if is_reported else ""
            yield Change(f"Bỏ chỉ tiêu {code} ({figure.name}).", why)
        else:
            yield from _figure(figure, after[code], is_reported=is_reported)


def _figure(before: FrozenFigure, after: FrozenFigure, *, is_reported: bool) -> Iterator[Change]:
    why = "số liệu đã báo cáo được cộng theo cách cũ" if is_reported else ""
    if before.target_pct != after.target_pct:
        told = " → ".join(f"{decimal_text(one.target_pct, 6)}%" for one in (before, after))
        yield Change(f"Mục tiêu của {before.code}: {told}; các kỳ đã báo cáo giữ mục tiêu cũ.")
    if before.kind != after.kind:
        yield Change(f"Cách tính của {before.code}: {before.kind} → {after.kind}.", why)
    if before.indicator != after.indicator:
        yield Change(f"Thành phần {before.code} chuyển từ {before.indicator} sang {after.indicator}.", why)


def _phases(old: Plan, new: Plan) -> Iterator[Change]:
    before = {one.code: one.phases for one in old.indicators}
    for one in new.indicators:
        if before.get(one.code, one.phases) != one.phases:
            steps = (f"từ kỳ {phase.since.short} là {decimal_text(phase.target_pct, 6)}%" for phase in one.phases)
            told = ", ".join(steps) or "không còn giai đoạn nào"
            yield Change(f"Mục tiêu theo giai đoạn của {one.code}: {told}; các kỳ đã báo cáo giữ mục tiêu cũ.")


def _measures(old: Plan, new: Plan, *, is_reported: bool) -> Iterator[Change]:
    """How an indicator is told and when it is asked, and what of it is assigned to whom."""
    before = {one.code: one for one in old.indicators}
    for one in new.indicators:
        then = before.get(one.code, one)
        if (then.measure, then.unit, then.direction) != (one.measure, one.unit, one.direction):
            why = "số liệu đã báo cáo được tính theo cách cũ" if is_reported else ""
            yield Change(f"Đơn vị tính hoặc chiều tốt lên của {one.code} thay đổi.", why)
        if then.every != one.every:
            yield Change(f"{one.code} hỏi mỗi {one.every} tháng thay vì {then.every} tháng.")
        if then.targets != one.targets:
            told = ", ".join(f"{unit} {decimal_text(pct, 6)}%" for unit, pct in one.targets.items()) or "không còn"
            yield Change(f"Mục tiêu riêng của đơn vị ở {one.code}: {told}; các kỳ đã báo cáo giữ mục tiêu cũ.")
        if then.assigned != one.assigned:
            told = ", ".join(f"{unit} {count_text(count)}" for unit, count in one.assigned.items())
            yield Change(f"Kế hoạch giao của {one.code}: {told}; số đã báo cáo giữ nguyên.")


def _tasks(old: Plan, new: Plan) -> Iterator[Change]:
    before, after = ({task.code: task for task in plan.unit_tasks} for plan in (old, new))
    yield from (Change(f"Thêm nhiệm vụ {code}.") for code in after if code not in before)
    yield from (Change(f"Bỏ nhiệm vụ {code}.") for code in before if code not in after)
    for code in before.keys() & after.keys():
        if before[code].due != after[code].due:
            yield Change(
                f"Hạn của nhiệm vụ {code}: {before[code].due or 'không có'} → {after[code].due or 'không có'}."
            )


def _dates(old: Plan, new: Plan, reported: frozenset[Period]) -> Iterator[Change]:
    before, after = _calendar(old), _calendar(new)
    for period in sorted(before.keys() | after.keys()):
        is_past = "kỳ này đã báo cáo" if period in reported else ""
        if period not in after:
            yield Change(f"Bỏ kỳ {period.short}.", is_past)
        elif period not in before:
            yield Change(f"Thêm kỳ {period.short}.")
        else:
            yield from (Change(text, is_past) for text in _moved(before[period], after[period]))


def _calendar(plan: Plan) -> Mapping[Period, Schedule]:
    return {one.period: one for one in build_calendar(plan, working_days(plan.calendar))}


def _moved(before: Schedule, after: Schedule) -> Iterator[str]:
    for name, label in _DATES.items():
        then, now = getattr(before, name), getattr(after, name)
        if then != now:
            yield f"Kỳ {before.period.short}: {label} {moment_text(then)} → {moment_text(now)}."
    if before.form != after.form:
        yield f"Kỳ {before.period.short}: biểu mẫu {before.form} → {after.form}."


def _forms(old: Plan, new: Plan) -> Iterator[Change]:
    for key, form in new.forms.items():
        if key not in old.forms:
            yield Change(f"Thêm biểu mẫu {form.label}.")
        elif old.forms[key].label != form.label:
            kept = " bản cũ vẫn đọc được" if any(one.label == old.forms[key].label for one in form.earlier) else ""
            yield Change(f"Biểu mẫu {old.forms[key].label} → {form.label};{kept or ' bản cũ không đọc được nữa'}.")
    yield from (Change(f"Bỏ biểu mẫu {form.label}.") for key, form in old.forms.items() if key not in new.forms)


def _recipients(old: Plan, new: Plan) -> Iterator[Change]:
    before, after = ({one.code: one for one in plan.recipients} for plan in (old, new))
    for code in dict.fromkeys((*before, *after)):
        if code not in after:
            yield Change(f"Bỏ nơi nhận {code}.")
        elif before.get(code) != after[code]:
            yield Change(f"Nơi nhận {code}: {after[code].name} <{after[code].email}>.")
