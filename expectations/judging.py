"""A batch held against its checks: every line that fails one; loads pandas and Great Expectations."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Content
from baocao.domain.reported.history import History
from expectations.batch import frames_of
from expectations.checks import checks_of
from expectations.engine.run import failing_lines
from expectations.rule import Check, Line


def faulty_lines(plan: Plan, contents: Sequence[Content], history: History) -> Iterator[tuple[Check, Line]]:
    """Each check with a line that fails it; ``submission`` of the line is the workbook's place in the batch.

    Raises:
        CheckError: a rule could not be tested; a bug of ours.
    """
    frames = frames_of(plan, contents, history)
    for key, check, lines in failing_lines(frames, checks_of(plan)):
        for line in _lines(plan, contents, key, frames[key], lines):
            yield check, line


def _lines(
    plan: Plan, contents: Sequence[Content], key: str, frame: pd.DataFrame, lines: Sequence[int]
) -> Iterator[Line]:
    rows: list[Mapping[str, object]] = frame.iloc[list(lines)].to_dict("records")  # type: ignore[assignment]
    for values in rows:
        content = contents[int(values["submission"])]  # type: ignore[call-overload]
        yield Line(values, content, plan.forms[content.form or ""], key)
