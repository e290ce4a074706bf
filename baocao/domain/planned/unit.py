"""Đơn vị: who reports, and in which periods: units are founded, renamed, merged into others and split from them."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from baocao.domain.labelled import Labelled
from baocao.domain.model import Frozen
from baocao.domain.planned.period import Period

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_LONGEST_ADDRESS = 254


def _checked_address(address: str) -> str:
    if address and (len(address) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(address)):
        raise ValueError("không phải địa chỉ thư điện tử; viết như ten@coquan.gov.vn")
    return address


Address = Annotated[str, AfterValidator(_checked_address)]
"""A mail address that a server takes without SMTPUTF8; may be empty where it need not be given."""


class Level(Labelled):
    """Cấp: there are no districts since 1/7/2025."""

    PROVINCE = "tinh", "cấp tỉnh"
    DEPARTMENT = "so", "sở, ngành"
    COMMUNE = "xa", "xã, phường, đặc khu"


class Unit(Frozen):
    """Đơn vị: an organisation that must report. ``email`` answers; ``senders`` may also send for it.

    ``valid_from`` and ``valid_to`` are the first and the last period that it reports; all where they are not given.
    ``merged_into``: the unit that reports for it after ``valid_to``; ``split_from``: the one that reported for it
    before ``valid_from``. ``group``: what it is one of, where a plan has many units.
    """

    code: str = Field(pattern=r"^[A-Z][A-Z0-9-]{1,23}$")
    name: str
    email: Address
    head_email: Address = ""
    senders: tuple[Address, ...] = ()
    agency_code: str = ""  # its mã định danh điện tử, for exports
    level: Level = Level.DEPARTMENT
    group: str = ""
    valid_from: Period | None = None
    valid_to: Period | None = None
    merged_into: str = ""
    split_from: str = ""

    @model_validator(mode="after")
    def _life_holds(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to phải từ valid_from trở đi")
        if self.merged_into and self.valid_to is None:
            raise ValueError("có merged_into thì phải có valid_to (kỳ cuối cùng đơn vị báo cáo)")
        if self.split_from and self.valid_from is None:
            raise ValueError("có split_from thì phải có valid_from (kỳ đầu tiên đơn vị báo cáo)")
        return self

    @property
    def group_name(self) -> str:
        """What it is one of: its group, else its level."""
        return self.group or self.level.label

    def reports_in(self, period: Period) -> bool:
        """Whether it has to report a period."""
        return not self.is_gone_by(period) and (self.valid_from is None or self.valid_from <= period)

    def is_gone_by(self, period: Period) -> bool:
        """Whether its last period lies before this one."""
        return self.valid_to is not None and self.valid_to < period


def heirs(units: Iterable[Unit], period: Period) -> Mapping[str, str]:
    """By the code of a unit that was merged before a period, the unit that reports for it then."""
    into = {one.code: one.merged_into for one in units if one.merged_into and one.is_gone_by(period)}
    return {code: _last(into, code) for code in into}


def families(units: Iterable[Unit], period: Period) -> Mapping[str, str]:
    """By the code of a unit that was merged or split, what it and its kin are together."""
    known = tuple(units)
    kin = dict(heirs(known, period))
    for one in known:
        if one.split_from and not (one.valid_from is None or one.valid_from > period):
            kin[one.code] = one.split_from
    return {code: _last(kin, code) for code in kin}


def _last(steps: Mapping[str, str], code: str) -> str:
    seen = {code}
    while (after := steps.get(code)) is not None and after not in seen:
        seen.add(after)
        code = after
    return code


def succession_faults(units: tuple[Unit, ...]) -> dict[int, tuple[str, str]]:
    """By place in the list the field and what is wrong with it: successors that are not there, or not then."""
    known = {one.code: one for one in units}
    faults: dict[int, tuple[str, str]] = {}
    for at, one in enumerate(units):
        for field, other in (("merged_into", one.merged_into), ("split_from", one.split_from)):
            if other and (other not in known or other == one.code):
                faults[at] = field, f"“{other}” không có trong danh sách đơn vị"
        if one.valid_to and one.merged_into in known and not known[one.merged_into].reports_in(one.valid_to.next):
            faults[at] = "merged_into", f"“{one.merged_into}” không báo cáo kỳ {one.valid_to.next.short}"
    return faults
