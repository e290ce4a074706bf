"""Every decision of a person bears one signature: a blank name is refused in one place, and the book keeps the way."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.stores.houses import house

from baocao.decisions.overrides import extend
from baocao.decisions.signing import APPROVAL, BY_HAND, CONCLUSION, CORRECTION, OPERATION, REFUSAL, sign
from baocao.domain.planned.period import Period
from baocao.domain.signature import LONGEST_NAME, Channel, Demand
from baocao.store.audit import entries
from baocao.store.engine.database import reading
from baocao.system.clock import Clock
from baocao.system.errors import UsageError

AT = Clock(datetime(2022, 10, 21, 2, tzinfo=UTC), is_simulated=True)
DEMANDS = (BY_HAND, APPROVAL, REFUSAL, CORRECTION, CONCLUSION, OPERATION)


@pytest.mark.parametrize("demand", DEMANDS)
@pytest.mark.parametrize("name", ["", " \t\n ", "A" * (LONGEST_NAME + 1)])
def test_nobody_decides_without_a_name(demand: Demand, name: str) -> None:
    with pytest.raises(UsageError, match="họ tên"):
        sign(name, "lý do", AT, demand=demand)


def test_a_reason_is_asked_for_where_the_decision_needs_one() -> None:
    for demand in (BY_HAND, REFUSAL, CORRECTION):
        with pytest.raises(UsageError, match="lý do"):
            sign("Trần Thị Mẫu", "  ", AT, demand=demand)
    signed = sign(" Trần  Thị\nMẫu ", "  ", AT, Channel.PAGE, APPROVAL)
    assert (signed.name, signed.reason, signed.at, signed.channel) == ("Trần Thị Mẫu", "", AT.now, Channel.PAGE)


def test_the_book_keeps_by_which_way_it_was_decided(tmp_path: Path) -> None:
    workspace = house(tmp_path / "home", "")
    until = datetime(2022, 10, 25, 17)
    extend(workspace, "SCT", Period(2022, 10), until, sign("Trần Thị Mẫu", "mưa lũ", AT, Channel.PAGE))
    with reading(workspace.engine) as connection:
        (entry,) = entries(connection)
    assert (entry.who, entry.reason, entry.at, entry.channel) == ("Trần Thị Mẫu", "mưa lũ", AT.now, "page")
