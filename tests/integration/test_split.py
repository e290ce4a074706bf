"""The same inbox in any split and any order that keeps each unit's own: the same figures, findings and versions."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from support.months.steps import collect, lay, letters, stepping, workbook
from support.reports.monthly import with_units
from support.reports.site import empty_home
from support.stores.disks import tick
from support.stores.facts import RECEIVED
from support.workbooks.content import PLAN, clean_content, counted

from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Content, ReceiptState
from baocao.intake.filing.batch import Read
from baocao.intake.filing.filing import file_batch, key_of, rounds, sort_batch
from baocao.store import receipts
from baocao.store.accepted.facts import load_facts
from baocao.store.accepted.history import history_of
from baocao.store.archive import digest
from baocao.store.contents import standings_of
from baocao.store.engine.database import reading, writing
from baocao.store.schema.reporting import finding, receipt, submission
from baocao.workspace.workspace import Workspace
from expectations import check_batch

PERIODS = [Period(2022, month) for month in (9, 10, 11)]


@dataclass(frozen=True)
class Sent:
    """A file that a unit sent; ``place`` is its place among the unit's own."""

    unit: str
    place: int
    period: Period
    numerator: float

    @property
    def content(self) -> Content:
        """What it says."""
        base = clean_content(unit=self.unit, period=self.period, cutoff=self.period.first_day.replace(day=18))
        return counted(base, "B1", self.numerator, 100.0, note="Đang làm")

    @property
    def sha256(self) -> str:
        """The same content has the same."""
        return digest(f"{self.unit}{self.period}{self.numerator}".encode())


def an_inbox(choice: random.Random, plan: Plan, files: int) -> list[Sent]:
    """Corrections, ways back, falls and leaps, faults (more than 100 of 100), months out of order."""
    return [
        Sent(unit.code, place, choice.choice(PERIODS), choice.choice((10.0, 50.0, 50.0, 95.0, 120.0)))
        for unit in plan.units
        for place in range(choice.randint(1, files))
    ]


def queues_of(inbox: Sequence[Sent]) -> dict[str, list[Sent]]:
    """Each unit's own files, in order."""
    return {unit: [one for one in inbox if one.unit == unit] for unit in dict.fromkeys(one.unit for one in inbox)}


def side_by_side(inbox: Sequence[Sent]) -> list[list[Sent]]:
    """The first of each unit, then the second: no batch has two files of one."""
    return [[one for one in turn if one] for turn in zip_longest(*queues_of(inbox).values())]


def split(choice: random.Random, inbox: Sequence[Sent]) -> list[list[Sent]]:
    """In any order that keeps each unit's own, cut anywhere."""
    queues = queues_of(inbox)
    turns = [one.unit for one in inbox]
    choice.shuffle(turns)
    order = [queues[unit].pop(0) for unit in turns]
    cuts = sorted(choice.sample(range(1, len(order)), k=choice.randint(0, min(3, len(order) - 1))))
    return [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True)]


def live(workspace: Workspace, batches: Sequence[Sequence[Sent]]) -> dict[str, Any]:
    """Collect batch after batch, by the functions of the steps; what is known then."""
    moment = RECEIVED
    for batch in batches:
        reads = []
        for one in batch:
            moment += timedelta(seconds=1)
            row = {"source": "folder", "source_ref": f"{one.unit}/{one.place}", "unit": one.unit, "name": "a.xlsx"}
            row |= {
                "period": str(PERIODS[-1]),
                "sha256": one.sha256,
                "size": 1,
                "state": ReceiptState.TAKEN,
                "note": "",
            }
            receipts.record(workspace.engine, [{**row, "received_at": moment, "arrived_at": moment}])
            reads.append(one)
        contents = {(one.unit, one.place): one.content for one in reads}
        claimed = receipts.claim(workspace.engine, receipts.waiting_ids(workspace.engine))
        with reading(workspace.engine) as connection:
            refs = {row.id: row.source_ref for row in connection.execute(select(receipt.c.id, receipt.c.source_ref))}
        _check(workspace, [Read(one, contents[_place(refs[one.id])]) for one in claimed])
    return state(workspace)


def _place(ref: str) -> tuple[str, int]:
    unit, _, place = ref.partition("/")
    return unit, int(place)


def _check(workspace: Workspace, batch: list[Read]) -> None:
    for some in rounds(batch):
        with reading(workspace.engine) as connection:
            known = standings_of(connection, {key_of(workspace, one) for one in some})
            history = history_of(connection, workspace.plan, [one.content for one in some])
        in_order = sort_batch(workspace, some, known, PERIODS)
        checked = check_batch(workspace.plan, [one.content for one in in_order.to_check], history)
        with writing(workspace.engine) as connection:
            file_batch(connection, workspace, in_order, checked)


def state(workspace: Workspace) -> dict[str, Any]:
    """Versions, findings, what counts, and what a report is made from."""
    with reading(workspace.engine) as connection:
        columns = (submission.c.unit, submission.c.period, submission.c.version)
        versions = connection.execute(select(*columns, submission.c.verdict).order_by(*columns)).all()
        found = select(*columns, finding.c.ordinal, finding.c.rule, finding.c.cell, finding.c.message)
        found = found.join(finding, finding.c.submission_id == submission.c.id).order_by(*columns, finding.c.ordinal)
        findings = connection.execute(found).all()
        states = connection.execute(select(receipt.c.source_ref, receipt.c.state).order_by(receipt.c.source_ref)).all()
        facts = load_facts(connection, workspace.plan, PERIODS[-1])
    figures = facts.frames["figures"].drop(columns="submission_id", errors="ignore").to_csv()
    return {"versions": versions, "findings": findings, "states": states, "figures": figures}


@contextmanager
def a_house(folder: Path, plan: Plan) -> Iterator[Workspace]:
    made = empty_home(folder, plan)
    try:
        yield made
    finally:
        made.engine.dispose()


def collected(folder: Path, plan: Plan, batches: Sequence[Sequence[Sent]]) -> dict[str, Any]:
    """What is known in a new house behind these batches."""
    with a_house(folder, plan) as workspace:
        return live(workspace, batches)


@pytest.mark.slow
def test_any_split_gives_the_same(tmp_path: Path) -> None:
    choice = random.Random(11)  # noqa: S311 - a seeded test
    inbox = an_inbox(choice, PLAN, files=3)
    expected = collected(tmp_path / "one-by-one", PLAN, [[one] for one in inbox])
    for number in range(2):
        assert collected(tmp_path / f"{number}", PLAN, split(choice, inbox)) == expected


@pytest.mark.slow
def test_many_splits_give_the_same(tmp_path: Path) -> None:
    """Of many units at once: what is checked in one batch costs hardly more than one file."""
    choice, plan = random.Random(10), with_units(PLAN, 15)  # noqa: S311 - a seeded test
    inbox = an_inbox(choice, plan, files=6)
    expected = collected(tmp_path / "side-by-side", plan, side_by_side(inbox))
    rules = {rule for *_, rule, _, _ in expected["findings"]}
    assert {"ratio_drop", "ratio_jump", "all_unchanged", "numerator_le_denominator"} <= rules  # of this month and past
    for number in range(5):
        assert collected(tmp_path / f"{number}", plan, split(choice, inbox)) == expected


@pytest.mark.slow
def test_months_of_one_batch_see_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with stepping(tmp_path / "home", monkeypatch) as workspace:
        for month, numerator in ((9, 90), (10, 20)):
            tick(lay(workspace, f"SCT/{month}.xlsx", workbook("SCT", f"2022-{month:02d}", b1=(numerator, 100))))
        collect(workspace, ["2022-08", "2022-09", "2022-10"], "2022-10-18T09:00")
        with reading(workspace.engine) as connection:
            query = select(finding.c.rule).join(submission, submission.c.id == finding.c.submission_id)
            rules = set(connection.scalars(query.where(submission.c.period == "2022-10")))
        assert {"ratio_drop", "ratio_jump"} & rules
        assert len(letters(workspace, "answer/2022")) == 2
