"""The lines above an official table: «Đơn vị báo cáo: …», «Kỳ báo cáo: tháng …», «Số liệu tính đến ngày: …»."""

from collections.abc import Iterator

from baocao.domain.planned.form import Column, Sheet
from baocao.workbook.adopting.synonyms import LINES
from baocao.workbook.adopting.tables import Seen
from baocao.workbook.formats.grid import address
from baocao.workbook.official.lines import rest_of
from baocao.workbook.reading.advice import plain

_GIVEN_HERE = frozenset({"unit_name", "period"})
"""Given lines that also stand on the sheet; the others are hidden."""


def find_lines(info: Sheet, seen: Seen | None) -> tuple[Sheet, list[Column]]:
    """The sheet of information as the official form has it, and the lines that it lacks."""
    found = dict(_found(info, seen)) if seen is not None else {}
    columns = tuple(_line(one, found.get(one.key)) for one in info.columns)
    name = seen.grid.sheet if seen is not None else info.name
    lacking = [one for one in info.columns if one.key not in found and (not one.given or one.key in _GIVEN_HERE)]
    return info.model_copy(update={"name": name, "columns": columns}), lacking


def _line(column: Column, found: dict[str, str] | None) -> Column:
    """What the form does not have, it cannot require."""
    return column.model_copy(update=found or {"required": column.required and column.given})


def _found(info: Sheet, seen: Seen) -> Iterator[tuple[str, dict[str, str]]]:
    taken: set[tuple[int, int]] = set()
    for column in info.columns:
        if column.given and column.key not in _GIVEN_HERE:
            continue
        for label in sorted((column.header, *LINES.get(column.key, ())), key=len, reverse=True):
            place = _place(seen, label)
            if place is not None and place[:2] not in taken:
                taken.add(place[:2])
                yield column.key, {"header": place[3], "at": address(place[0], place[2])}
                break


def _place(seen: Seen, label: str) -> tuple[int, int, int, str] | None:
    """Row, column of the label, column of the value, and the label as it is written."""
    texts = seen.texts
    for row in range(texts.height):
        for at, text in enumerate(texts.own_row(row)):
            own = text[: len(label)]
            if text and plain(own) == plain(label) and rest_of(text, own) is not None:
                behind = text.strip()[len(own) :].strip()
                if behind.startswith(":") and behind.strip(" :"):
                    return row, at, at, own
                if behind == ":":
                    return row, at, _beside(seen, row, at), own
    return None


def _beside(seen: Seen, row: int, at: int) -> int:
    """The cell to the right of a label, where it is free; else the label's own."""
    texts = seen.texts
    beside = next((one for one in range(at + 1, texts.width) if texts.first(row, one) != texts.first(row, at)), at)
    return beside if not texts.at(row, beside) else at
