"""The rules that look back: figures and tasks against what was accepted in earlier periods.

Each case is a unit of its own, so that all of them are judged in one batch.
"""

from dataclasses import replace
from datetime import date

import pytest
from support.workbooks.content import PERIOD, PLAN, cell_at, clean_content, counted, edited

from baocao.domain.planned.indicator import IndicatorKind
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Finding
from baocao.domain.received.submission import Content
from baocao.domain.reported.history import History, PastFigure, PastTask
from expectations import check_batch
from expectations.frames.figures import figures_frame

LAST = str(PERIOD.previous)
Past = tuple[PastFigure | PastTask, ...]
Case = tuple[Content, Past, list[str]]
FINAL = clean_content(form="tong-ket", period=Period(2023, 3), cutoff=date(2023, 3, 18))
NO_CUTOFF = clean_content(cutoff=None)  # type: ignore[arg-type]
DUE = date(2022, 10, 17)


def past(code: str, above: float | None, below: float | None = 100.0, period: str = LAST, unit: str = "") -> Past:
    return (PastFigure(unit, period, code, above, below),)


def series(*ratios: float) -> Past:
    """Earlier periods of B1, the last one first, on a denominator of 100."""
    return tuple(PastFigure("", str(PERIOD.shift(-n)), "B1", r, 100.0) for n, r in enumerate(ratios, start=1))


def same(period: str = LAST, *, but: str = "") -> Past:
    """The clean content's own figures as an earlier period's."""
    rows = [row for row in clean_content().rows("figures") if row.code != but]
    return tuple(
        PastFigure("", period, row.code or "", row.values["numerator"], row.values["denominator"]) for row in rows
    )


def low(code: str, above: float, below: float = 100.0) -> Content:
    return counted(clean_content(), code, above, below, note="x")


def task(content: Content | None = None, **values: object) -> Content:
    return edited(content or clean_content(), "tasks", "III.1.2", **values)


def past_task(progress_pct: float | None, status: str, period: str = LAST) -> Past:
    return (PastTask("", period, "III.1.2", progress_pct, status),)


def at(rule: str, code: str, column: str) -> str:
    key = "tasks" if code.startswith("III") else "figures"
    return f"{rule} {cell_at(clean_content(), key, code, column)}"


WORKING, DONE = past_task(51.0, "Đang triển khai"), past_task(100.0, "Hoàn thành")
JUMP, DROP, OUTLIER = (at(rule, "B1", "numerator") for rule in ("ratio_jump", "ratio_drop", "outlier"))
BASE_JUMP = at("stock_denominator_jump", "B1", "denominator")
STATUS_BACK = at("task_regressed", "III.1.2", "status")

CASES: dict[str, Case] = {
    "base up 21 %": (low("B1", 100, 121), past("B1", 82.6), [BASE_JUMP]),
    "base up 20 %": (low("B1", 100, 120), past("B1", 83.3), []),
    "base down 21 %": (low("B1", 79, 79), past("B1", 100.0), [BASE_JUMP]),
    "a FLOW base may jump": (low("A3", 100, 300), past("A3", 30.0), []),
    "nothing occurred before": (low("B1", 100), past("B1", 0.0, 0.0), []),
    "STOCK falls by 11 points": (low("B1", 89), past("B1", 100.0), [DROP]),
    "STOCK falls by 10 points": (low("B1", 90), past("B1", 100.0), []),
    "STOCK falls by 50 points, told once": (low("B1", 50), past("B1", 100.0), [DROP]),
    "FLOW falls by 30 points": (low("A3", 70), past("A3", 100.0), []),
    "FLOW falls by 31 points": (low("A3", 69), past("A3", 100.0), [at("ratio_jump", "A3", "numerator")]),
    "FLOW rises by 31 points": (low("A3", 100), past("A3", 69.0), [at("ratio_jump", "A3", "numerator")]),
    "STOCK rises by 31 points": (low("B1", 100), past("B1", 69.0), [JUMP]),
    "STOCK rises by 30 points": (low("B1", 100), past("B1", 70.0), []),
    "another unit's past": (low("B1", 50), past("B1", 100.0, unit="SNV"), []),
    "the same period": (low("B1", 50), past("B1", 100.0, period=str(PERIOD)), []),
    "a later period": (low("B1", 50), past("B1", 100.0, period="2022-11"), []),
    "a past without figures": (low("B1", 50), past("B1", None, None), []),
    "only the last period counts": (low("B1", 60), series(62, 100), []),
    "5 points off a still series": (low("B1", 75), series(70, 69, 71, 70), []),
    "6 points off a still series": (low("B1", 76), series(70, 70, 70, 70), [OUTLIER]),
    "6 points under a still series": (low("B1", 64), series(70, 70, 70, 70), [OUTLIER]),
    "a series of four": (low("B1", 76), series(70, 70, 70), []),
    "steady growth": (low("B1", 90), series(80, 70, 60, 50), []),
    "a period in which nothing occurred": (
        low("B1", 76), (*series(70, 70, 70), *past("B1", 0.0, 0.0, "2022-01")), []
    ),
    "all unchanged": (clean_content(), same(), [at("all_unchanged", "A1", "numerator")]),
    "one changed": (low("B1", 99), same(), []),
    "one is new": (clean_content(), same(but="C1"), []),
    "unchanged since the month before": (clean_content(), (*same("2022-08"), *past("B1", 99.0)), []),
    "no past": (clean_content(), (), []),
    "final as the last month": (FINAL, same("2023-02"), []),
    "final FLOW against a month": (
        FINAL,
        past("A3", 10.0, period="2023-02"),
        [at("final_sum_agrees", "A3", "numerator")],
    ),
    "final STOCK against a month": (FINAL, past("B1", 10.0, period="2023-02"), [JUMP]),
    "progress lower": (task(progress_pct=50.0), WORKING, [at("task_regressed", "III.1.2", "progress_pct")]),
    "progress the same": (task(progress_pct=51.0), WORKING, []),
    "no longer done": (task(progress_pct=50.0), DONE, [STATUS_BACK]),
    "no longer done, progress kept": (task(progress_pct=100.0), DONE, [STATUS_BACK]),
    "done in a later period": (task(), past_task(100.0, "Hoàn thành", "2022-12"), []),
    "did not occur before": (task(), past_task(None, "Không phát sinh"), []),
    "done after the period's last day": (
        task(NO_CUTOFF, done_date=date(2022, 11, 1)), (),
        ["value_missing B8", at("done_date_in_past", "III.1.2", "done_date")],
    ),
    "done on the period's last day": (task(NO_CUTOFF, done_date=date(2022, 10, 31)), (), ["value_missing B8"]),
    "overdue by the assignment": (task(), (), [at("task_overdue", "III.1.2", "status")]),
    "overdue, not started": (
        task(status="Chưa triển khai", progress_pct=0.0), (), [at("task_overdue", "III.1.2", "status")]
    ),
    "not overdue, but by a date of its own": (
        task(due_date=date(2022, 12, 1)), (), [at("due_changed", "III.1.2", "due_date")]
    ),
    "assignment of what does not occur": (task(status="Không phát sinh", progress_pct=0.0), (), []),
}  # fmt: skip
OVERDUE = {name for name in CASES if "overdue" in name or "assignment" in name}


@pytest.fixture(scope="module")
def found() -> dict[str, tuple[Finding, ...]]:
    units = {name: f"UNIT-{number}" for number, name in enumerate(CASES)}
    rows = [row._replace(unit=row.unit or units[name]) for name, (_, past, _) in CASES.items() for row in past]
    history = History(
        figures=[row for row in rows if isinstance(row, PastFigure)],
        tasks=[row for row in rows if isinstance(row, PastTask)],
        due_dates={(units[name], "III.1.2"): DUE for name in OVERDUE},
    )
    contents = [replace(content, unit=units[name]) for name, (content, _, _) in CASES.items()]
    return {name: one.findings for name, one in zip(CASES, check_batch(PLAN, contents, history), strict=True)}


@pytest.mark.parametrize("name", CASES)
def test_against_the_past(found: dict[str, tuple[Finding, ...]], name: str) -> None:
    assert [f"{finding.rule} {finding.cell}" for finding in found[name]] == CASES[name][2]


def test_final_figures_may_stand_as_they_were_where_all_are_of_a_date() -> None:
    indicators = [indicator for indicator in PLAN.indicators if indicator.kind is IndicatorKind.STOCK]
    plan = Plan.model_validate(PLAN.model_dump() | {"indicators": indicators})
    final = clean_content(plan, form="tong-ket", period=Period(2023, 3), cutoff=date(2023, 3, 18))
    history = History([row._replace(unit="SCT") for row in same("2023-02") if isinstance(row, PastFigure)])
    frame = figures_frame(plan, [final], history)
    assert frame["previous_numerator"].notna().sum() == frame["is_typed"].sum()
    assert frame["changed_figures"].isna().all()


def test_messages_say_then_and_now(found: dict[str, tuple[Finding, ...]]) -> None:
    (drop,) = found["STOCK falls by 50 points, told once"]
    assert (drop.value, drop.expected) == ("50%", "giảm không quá 10 điểm phần trăm so với 100%")
    assert "giảm 50 điểm phần trăm so với kỳ 09/2022 (100%)" in drop.message
    (base,) = found["base down 21 %"]
    assert "giảm 21% so với kỳ 09/2022 (100)" in base.message
    (back,) = found["no longer done"]
    assert "trước là “Hoàn thành”, tiến độ 100; nay là “Đang triển khai”" in back.message


def test_no_message_has_a_hole(found: dict[str, tuple[Finding, ...]]) -> None:
    for findings in found.values():
        for finding in findings:
            assert not {"None", "nan", "{"} & set(finding.message.replace("{", " { ").split())
