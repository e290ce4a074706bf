"""Số liệu không thể có: counts that a person's decision let into an accepted report; no sum has them.

The one place where :func:`baocao.domain.reported.progress.is_impossible` is said for frames and for queries.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd
from sqlalchemy import ColumnElement, and_, func, or_

from baocao.domain.wording import decimal_text
from baocao.store.schema.reporting import figures

SET_ASIDE = "is_set_aside"
"""The column that says of which rows the counts are in no sum."""
_COUNTS = ["numerator", "denominator"]


def without_impossible(frame: pd.DataFrame, unbounded: Collection[str] = ()) -> pd.DataFrame:
    """Figures with impossible counts emptied, and what they were said in the note, until the unit corrects them.

    The bool column :data:`SET_ASIDE` says which; a note alone does not, for units write notes too. ``unbounded``: the
    codes whose numerator may exceed the denominator.
    """
    counts = frame[_COUNTS]
    above = (counts["numerator"] > counts["denominator"]) & ~frame["code"].isin(unbounded)
    wrong = (counts < 0).any(axis=1) | (counts % 1 > 0).any(axis=1) | above
    frame = frame.assign(**{SET_ASIDE: wrong})
    if not wrong.any():
        return frame
    rows = frame.loc[wrong, [*_COUNTS, "note"]].itertuples(index=False, name=None)
    said = [_said(numerator, denominator, note) for numerator, denominator, note in rows]
    frame["note"] = frame["note"].astype(object)
    frame.loc[wrong, "note"] = said
    frame.loc[wrong, _COUNTS] = float("nan")
    return frame


def _said(numerator: float, denominator: float, note: object) -> str:
    parts = "/".join("trống" if count != count else decimal_text(count, 2) for count in (numerator, denominator))
    text = f"Không cộng vào số liệu chung vì không thể có: {parts}; chờ đơn vị sửa."
    return f"{text} {note}" if isinstance(note, str) and note else text


def is_possible(unbounded: Collection[str] = ()) -> ColumnElement[bool]:
    """The condition on rows of figures that may be added up."""
    numerator, denominator = figures.c.numerator, figures.c.denominator
    whole = and_(func.floor(numerator) == numerator, func.floor(denominator) == denominator)
    within = or_(numerator <= denominator, figures.c.code.in_(sorted(unbounded))) if unbounded else None
    return and_(numerator >= 0, denominator >= 0, numerator <= denominator if within is None else within, whole)
