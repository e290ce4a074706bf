"""The indicator sheet as a frame, with what its rules compare.

Beside the form's columns: the plan's ``indicator``, ``kind``, ``mode`` (``none`` for a plain indicator),
``is_headline``, ``is_typed``, ``is_judged`` (the rows whose ratio is held against the target: the indicator's own, and
the components' of a separate indicator), ``goal_pct``, ``count_limit``; the counts ``sound_numerator`` and
``sound_denominator`` (NaN where negative or above the limit), ``computed_pct``; on joint headlines ``component_min``,
``joint_floor``; on their components ``headline_denominator``; ``is_below`` and ``is_above`` (what is better lower),
``is_reached``; ``assigned``, what the row's unit has to do of a count or amount; of the last period
``previous_numerator``, ``previous_denominator``, ``previous_ratio_pct``; ``series_median_pct``, ``modified_z``;
``changed_figures`` on a workbook's first typed row; on a closing form's FLOW rows the columns of
:mod:`expectations.frames.sums`.
"""

from collections.abc import Sequence

import pandas as pd

from baocao.consolidation.figures import meets_target, targets_of
from baocao.domain.planned.indicator import ComponentsMode, Figure
from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Content
from baocao.domain.reported.history import History
from expectations.frames.past import own_series, past_figures, with_previous
from expectations.frames.rows import read_sheet
from expectations.frames.sums import with_month_sums
from expectations.sheets import sheets_of

_GROUP = ["submission", "indicator"]


def figures_frame(
    plan: Plan, contents: Sequence[Content], history: History, has_changed: "pd.Series[bool] | None" = None
) -> pd.DataFrame:
    """The rows of every indicator sheet of the batch, in order; empty where there is none.

    ``has_changed``: by submission, whether its tasks are told to have moved since the last period (``is_whole_copy`` is
    False then).
    """
    frame = read_sheet(plan, contents, "figures").merge(_plan_rows(plan), on="code", how="left")
    frame["assigned"], frame["goal_pct"] = _assigned(plan, frame), targets_of(plan, frame)
    for column in ("numerator", "denominator"):
        frame[f"sound_{column}"] = frame[column].where(frame[column].between(0, frame["count_limit"]))
    divisor = frame["sound_denominator"].where(frame["sound_denominator"] > 0)
    frame["computed_pct"] = (frame["sound_numerator"] * 100 / divisor).where(frame["is_typed"])
    _compare_with_target(plan, frame)
    frame = _with_components(plan, frame)
    frame = _with_past(plan, frame, history)
    moved = set() if has_changed is None else set(has_changed[has_changed].index)
    frame["is_whole_copy"] = ~frame["submission"].isin(moved)
    return frame


def _plan_rows(plan: Plan) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": pd.Series([figure.code for figure in plan.figures], dtype="str"),
            "indicator": pd.Series([figure.indicator for figure in plan.figures], dtype="str"),
            "kind": pd.Series([figure.kind.value for figure in plan.figures], dtype="str"),
            "mode": pd.Series([figure.mode.value if figure.mode else "none" for figure in plan.figures], dtype="str"),
            "count_limit": pd.Series([plan.count_limit_of(one.indicator) for one in plan.figures], dtype="float64"),
            "is_headline": pd.Series([figure.is_headline for figure in plan.figures], dtype="bool"),
            "is_typed": pd.Series([figure.is_typed for figure in plan.figures], dtype="bool"),
            "is_judged": pd.Series([_is_judged(figure) for figure in plan.figures], dtype="bool"),
            "is_lower": pd.Series([figure.is_lower for figure in plan.figures], dtype="bool"),
            "is_bounded": pd.Series([figure.is_bounded for figure in plan.figures], dtype="bool"),
        }
    )


def _assigned(plan: Plan, frame: pd.DataFrame) -> "pd.Series[float]":
    """What each row's unit has to do; NaN of shares."""
    known = {(one.code, unit): count for one in plan.figures for unit, count in one.assigned.items()}
    found = [known.get(pair) for pair in zip(frame["code"], frame["unit"], strict=True)] if known else None
    return pd.Series(found, index=frame.index, dtype="float64")


def _is_judged(figure: Figure) -> bool:
    return figure.is_typed and (figure.is_headline or figure.mode is ComponentsMode.SEPARATE)


def _compare_with_target(plan: Plan, frame: pd.DataFrame) -> None:
    is_held = frame["is_judged"] & (frame["sound_denominator"] > 0) & frame["sound_numerator"].notna()
    is_met = meets_target(plan, frame, "sound_numerator", "sound_denominator")
    frame["is_below"] = is_held & ~is_met & ~frame["is_lower"].eq(True)
    frame["is_above"] = is_held & ~is_met & frame["is_lower"].eq(True)
    frame["is_reached"] = is_held & is_met


def joint_sizes(plan: Plan) -> dict[str, int]:
    """How many components each indicator has; a row that a file lacks is missed by this."""
    return {indicator.code: len(indicator.components) for indicator in plan.indicators}


def _with_components(plan: Plan, frame: pd.DataFrame) -> pd.DataFrame:
    """Headlines of joint indicators get their components' smallest count and floor; components the headline's base."""
    joint = frame[frame["mode"] == "joint"].drop_duplicates(["submission", "code"])
    parts = joint[~joint["is_headline"]].groupby(_GROUP)["sound_numerator"]
    sums = parts.agg(component_min="min", component_sum="sum", component_count="count")
    heads = joint[joint["is_headline"]].set_index(_GROUP)["sound_denominator"].rename("headline_denominator")
    frame = frame.merge(sums.reset_index(), on=_GROUP, how="left")
    frame = frame.merge(heads.reset_index(), on=_GROUP, how="left")
    is_head = frame["is_headline"]
    planned = joint_sizes(plan)
    is_whole = frame["component_count"] == frame["indicator"].map(planned)
    floor = frame["component_sum"] - (frame["component_count"] - 1) * frame["sound_denominator"]
    frame["component_min"] = frame["component_min"].where(is_head)
    frame["joint_floor"] = floor.where(is_head & is_whole)
    frame["headline_denominator"] = frame["headline_denominator"].where(~is_head)
    return frame


def _with_past(plan: Plan, frame: pd.DataFrame, history: History) -> pd.DataFrame:
    """Last period's figures; none where the sheet sums over the pilot and the last one did not."""
    past = past_figures(history, frame["unit"])
    frame = with_previous(frame, past)
    is_closing = frame["form"].isin(list(sheets_of(plan, "assessments")))
    is_other_span = is_closing & (frame["kind"] == "flow")
    for column in ("previous_numerator", "previous_denominator"):
        frame[column] = frame[column].mask(is_other_span)
    divisor = frame["previous_denominator"].where(frame["previous_denominator"] > 0)
    frame["previous_ratio_pct"] = frame["previous_numerator"] * 100 / divisor
    frame = frame.join(own_series(frame[~is_other_span], past, plan.limits.outlier))
    frame["changed_figures"] = _changed(frame).mask(is_closing)
    return with_month_sums(plan, frame, past, is_other_span)


def _changed(frame: pd.DataFrame) -> "pd.Series[float]":
    """How many rows of a workbook differ from the last period, on its first typed row; NaN on all others."""
    is_same = (frame["numerator"] == frame["previous_numerator"]) & (
        frame["denominator"] == frame["previous_denominator"]
    )
    typed = frame[frame["is_typed"].astype(bool)]
    changed = (~is_same[typed.index]).groupby(typed["submission"]).sum()
    first = typed.drop_duplicates("submission")
    return first["submission"].map(changed).astype("float64").reindex(frame.index)
