"""What one run covers: the frames of a batch and the checks of each, by sheet key."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from baocao.domain.history import History
from baocao.domain.plan import Plan
from baocao.domain.submission import Content
from expectations.frames import read_info
from expectations.frames_figures import figures_frame
from expectations.rule import INFO, Check
from expectations.rules_figures import figure_checks
from expectations.rules_missing import info_checks

if TYPE_CHECKING:
    import pandas as pd


def checks_of(plan: Plan) -> dict[str, tuple[Check, ...]]:
    """Every check of the plan's forms, by the key of the sheet that it looks at."""
    return {INFO: info_checks(plan), "figures": figure_checks(plan)}


def frames_of(plan: Plan, contents: Sequence[Content], history: History) -> dict[str, "pd.DataFrame"]:
    """The frames that the checks look at, by sheet key; empty where no workbook has the sheet."""
    return {INFO: read_info(plan, contents), "figures": figures_frame(plan, contents, history)}
