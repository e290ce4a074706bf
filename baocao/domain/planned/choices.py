"""What a plan chooses where there is more than one right way."""

from enum import StrEnum


class MissingUnit(StrEnum):
    """What a unit without a report counts for in a STOCK figure of the whole: its last accepted value, or nothing."""

    LAST_VALUE = "last_value"
    EXCLUDE = "exclude"


class UnitPage(StrEnum):
    """What each unit's head is mailed of its own unit with every report: nothing, a page, a page that names others."""

    OFF = "off"
    ANONYMOUS = "anonymous"
    NAMED = "named"
