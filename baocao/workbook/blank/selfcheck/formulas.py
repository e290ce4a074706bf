"""Formulas of Excel 2010, which LibreOffice calculates as well: no arrays that spill, no names, no macros.

A formula is written without its ``=``. What several statements need stands once, in a working cell of the sheet.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

_EPOCH = date(1899, 12, 30)
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
_LONGEST_LITERAL = 255
_NBSP = "\u00a0"


def reference(sheet: str, address: str) -> str:
    """A cell of another sheet."""
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{address}"


def literal(text: str) -> str:
    """A text within a formula; cut where Excel would refuse it."""
    doubled = text[: _LONGEST_LITERAL // 2].replace('"', '""')
    return f'"{doubled}"'


def serial(day: date) -> int:
    """A day as Excel counts it."""
    return (date(day.year, day.month, day.day) - _EPOCH).days


def all_of(*parts: str) -> str:
    """Whether all hold."""
    return parts[0] if len(parts) == 1 else f"AND({','.join(parts)})"


def any_of(*parts: str) -> str:
    """Whether one holds."""
    return parts[0] if len(parts) == 1 else f"OR({','.join(parts)})"


def is_number(cell: str) -> str:
    """Whether a cell holds a number."""
    return f"ISNUMBER({cell})"


def trimmed(cell: str) -> str:
    """A cell's text without blanks around it and signs that nobody sees."""
    return f'TRIM(CLEAN(SUBSTITUTE({cell},"{_NBSP}"," ")))'


def is_whole(number: str) -> str:
    """Whether a number has no fraction."""
    return f"ABS({number}-ROUND({number},0))<0.000000001"


def is_empty(cell: str) -> str:
    """Whether nothing stands in a cell."""
    return f'{trimmed(cell)}=""'


@dataclass(slots=True)
class Workings:
    """The working cells of the sheet: one column of values and formulas, from ``first_row`` down.

    ``nothing``: the area that lists the texts that say nothing.
    """

    letter: str
    first_row: int
    nothing: str
    cells: list[str] = field(default_factory=list)

    def add(self, formula: str) -> str:
        """The address of a new working cell with a formula."""
        return self._put(f"={formula}")

    def keep(self, text: str) -> str:
        """The address of a new working cell with a text, which may be longer than a formula takes."""
        return self._put(text)

    def _put(self, value: str) -> str:
        self.cells.append(value)
        return f"${self.letter}${self.first_row + len(self.cells) - 1}"

    def column(self, formulas: Iterable[str]) -> str:
        """The area of new working cells, one below the other."""
        addresses = [self.add(formula) for formula in formulas]
        return f"{addresses[0]}:{addresses[-1]}"

    def text(self, cell: str) -> str:
        """A cell's trimmed text."""
        return self.add(trimmed(cell))

    def code(self, cell: str) -> str:
        """A row's code without blanks and without a stop behind it."""
        bare = self.add(f'SUBSTITUTE({trimmed(cell)}," ","")')
        return self.add(f'IF(RIGHT({bare},1)=".",LEFT({bare},LEN({bare})-1),{bare})')

    def number(self, cell: str) -> str:
        """A number, also one that was pasted as a text of digits; empty text for all else."""
        return self._number(cell, cell, trimmed(cell))

    def percent(self, cell: str) -> str:
        """A percentage: 85.5 where the cell shows 85,5 or 85,5%."""
        shown = f'IF(LEFT(CELL("format",{cell}),1)="P",ROUND({cell}*100,10),{cell})'
        return self._number(cell, shown, f'SUBSTITUTE({trimmed(cell)},"%","")')

    def _number(self, cell: str, shown: str, text: str) -> str:
        return self.add(f'IF(ISNUMBER({cell}),{shown},IFERROR(IF(TEXT(VALUE({text}),"0")={text},VALUE({text}),""),""))')

    def count(self, number: str, limit: int) -> str:
        """A number where it may be a count: whole, from 0 to the limit; else empty text."""
        sound = f"AND({number}>=0,{number}<={limit},{is_whole(number)})"
        return self.add(f'IF(ISNUMBER({number}),IF({sound},ROUND({number},0),""),"")')

    def day(self, cell: str) -> str:
        """A day as Excel counts it, also one that was typed as ``18/10/2022`` or ``18-10-2022``; else empty text."""
        said = self.add(f'IF(ISNUMBER({cell}),INT({cell}),SUBSTITUTE({trimmed(cell)},"-","/"))')
        first, last = (f"VALUE(RIGHT({said},4))", f'FIND("/",{said})')
        month = f"VALUE(MID({said},{last}+1,LEN({said})-5-{last}))"
        day = f"VALUE(LEFT({said},{last}-1))"
        meant = f"DATE({first},{month},{day})"
        is_real = f'AND(MID({said},LEN({said})-4,1)="/",DAY({meant})={day},MONTH({meant})={month},{_is_near(meant)})'
        typed = f'IF({_is_near(said)},{said},"")'
        return self.add(f'IF(ISNUMBER({said}),{typed},IFERROR(IF({is_real},{meant},""),""))')

    def says_nothing(self, cell: str) -> str:
        """1 where a text is empty, or only says that there is nothing; else 0."""
        said = trimmed(cell)
        bare = f'IF(RIGHT({said},1)=".",LEFT({said},LEN({said})-1),{said})'
        return self.add(f'IF({said}="",1,IF(ISNUMBER(MATCH({bare},{self.nothing},0)),1,0))')


def _is_near(day: str) -> str:
    return f"AND({day}>={serial(_FIRST_DAY)},{day}<={serial(_LAST_DAY)})"
