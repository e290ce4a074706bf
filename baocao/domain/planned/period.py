"""Kỳ báo cáo: a calendar month."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

_ISO = re.compile(r"(\d{4})-(\d{1,2})")
_VIETNAMESE = re.compile(r"(\d{1,2})\s*[/-]\s*(\d{4})")
_QUARTERS = ("I", "II", "III", "IV")


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """One month; written ``2022-10`` in data and ``10/2022`` in workbooks."""

    year: int
    month: int

    def __post_init__(self) -> None:
        """Refuse months that no calendar has."""
        if not (1 <= self.month <= 12 and 2000 <= self.year <= 2999):
            raise ValueError(f"không có tháng {self.month}/{self.year}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2022-10``, ``10/2022`` or ``10-2022``.

        Raises:
            ValueError: the text is no period; the message is Vietnamese.
        """
        if found := _ISO.fullmatch(text.strip()):
            return cls(int(found[1]), int(found[2]))
        if found := _VIETNAMESE.fullmatch(text.strip()):
            return cls(int(found[2]), int(found[1]))
        raise ValueError(f"“{text}” không phải kỳ báo cáo; hãy viết như 2022-10 hoặc 10/2022")

    @classmethod
    def of(cls, day: date) -> Self:
        """The month that holds this day."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def short(self) -> str:
        """``10/2022``, as written in a workbook."""
        return f"{self.month:02d}/{self.year}"

    @property
    def label(self) -> str:
        """``tháng 10 năm 2022``, by the rules of administrative writing (months 1 and 2 padded)."""
        return f"tháng {self.month:02d} năm {self.year}" if self.month < 3 else f"tháng {self.month} năm {self.year}"

    @property
    def title(self) -> str:
        """``Tháng 10 năm 2022``."""
        return self.label.capitalize()

    def span(self, months: int) -> str:
        """The months up to this one that are reported together: ``quý I/2022``, ``6 tháng đầu năm 2022``."""
        if months == 3:
            return f"quý {_QUARTERS[(self.month - 1) // 3]}/{self.year}"
        if months == 6:
            return f"6 tháng {'đầu' if self.month <= 6 else 'cuối'} năm {self.year}"
        return f"năm {self.year}"

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return self.next.first_day - timedelta(days=1)

    @property
    def next(self) -> "Period":
        """The month after."""
        return self.shift(1)

    @property
    def previous(self) -> "Period":
        """The month before."""
        return self.shift(-1)

    def shift(self, months: int) -> "Period":
        """The month so many months later (or, negative, earlier)."""
        count = self.year * 12 + self.month - 1 + months
        return Period(count // 12, count % 12 + 1)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic models read a period from its text and write it back as text."""
        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.parse(str(value)),
            serialization=core_schema.plain_serializer_function_ser_schema(str),
        )


def periods_between(first: Period, last: Period) -> tuple[Period, ...]:
    """Every month from first to last, both included; empty where last is before first."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return tuple(first.shift(step) for step in range(count))
