"""What a plan chooses where there is more than one right way."""

from enum import StrEnum

from pydantic import Field

from baocao.domain.model import Frozen


class MissingUnit(StrEnum):
    """What a unit without a report counts for in a STOCK figure of the whole: its last accepted value, or nothing."""

    LAST_VALUE = "last_value"
    EXCLUDE = "exclude"


class FinalSum(StrEnum):
    """What it means where a final FLOW figure is not the sum of the unit's accepted months."""

    CRITICAL = "critical"
    WARNING = "warning"
    OFF = "off"


class UnitPage(StrEnum):
    """What each unit's head is mailed of its own unit with every report: nothing, a page, a page that names others."""

    OFF = "off"
    ANONYMOUS = "anonymous"
    NAMED = "named"


class ScorePreset(Frozen):
    """How many points each indicator can bring in the final assessment; for reference only."""

    label: str
    maximum: dict[str, float] = Field(default_factory=dict)
    default_maximum: float = 1.0

    def maximum_of(self, indicator: str) -> float:
        """The points that an indicator can bring."""
        return self.maximum.get(indicator, self.default_maximum)


class Scoring(Frozen):
    """The optional score: ``min(1, ratio / target) x maximum``; what did not occur leaves the maximum."""

    label: str = "tham khảo"
    preset: str = "deu"
    presets: dict[str, ScorePreset] = Field(default_factory=dict)
