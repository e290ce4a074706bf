"""Trả lại: the marked copies of a batch's rejected workbooks, made in parallel by killable processes, and kept."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from os import sched_getaffinity

from baocao.domain.plan import Plan
from baocao.domain.submission import Checked, Verdict
from baocao.filing import Outcome, Read
from baocao.mail.files import write_all
from baocao.store.archive import archive_path
from baocao.workbook.marking import Marking
from baocao.workbook.pools import lent_pool
from baocao.workspace import Workspace

Copies = Mapping[int, bytes]
"""Marked copies by the receipt that they answer."""


def mark_returned(workspace: Workspace, batch: Sequence[Read], checked: Sequence[Checked]) -> Copies:
    """The marked copy of every rejected workbook of a batch, as far as one can be made.

    Accepted workbooks need none, though they have warnings: nothing has to be sent again. Unreadable ones have none.
    Nothing is stored; the same batch gives the same copies.
    """
    rejected = {
        one.receipt.id: Marking(archive_path(workspace.home, one.receipt.sha256, one.receipt.name), result)
        for one, result in zip(batch, checked, strict=True)
        if result.verdict is Verdict.REJECTED
    }
    copies = mark_safely(workspace.plan, list(rejected.values()))
    return {receipt: copy for receipt, copy in zip(rejected, copies, strict=True) if copy is not None}


def mark_safely(plan: Plan, markings: Sequence[Marking]) -> list[bytes | None]:
    """Marked copies in order, each made in a process that can be killed; None where there is nothing to mark.

    A workbook on which the process hangs, floods or dies is written anew from its values. See
    :func:`baocao.workbook.marking.mark`.
    """
    copies = _mark(plan, markings)
    broken = [number for number, copy in enumerate(copies) if copy is None]
    anew = _mark(plan, [replace(markings[number], is_fresh=True) for number in broken])
    for number, copy in zip(broken, anew, strict=True):
        copies[number] = copy
    return copies


def _mark(plan: Plan, markings: Sequence[Marking]) -> list[bytes | None]:
    """One reader process per core; each thread lends one that is running already where it can."""
    workers = min(len(sched_getaffinity(0)), len(markings))
    if workers == 0:
        return []

    def share(start: int) -> list[bytes | None]:
        with lent_pool(plan) as pool:
            return list(pool.mark_all(markings[start::workers]))

    with ThreadPoolExecutor(workers) as threads:
        shares = [iter(part) for part in threads.map(share, range(workers))]
    return [next(shares[number % workers]) for number in range(len(markings))]


def lay_returned(workspace: Workspace, outcome: Outcome, copies: Copies) -> None:
    """Lay the marked copies of a filed batch into ``returned/<period>/<unit>/v<n>.xlsx``, before the commit.

    Idempotent; what a transaction that was rolled back left there is written over.

    Raises:
        OutsideServiceError: the disk refuses.
    """
    laid = {
        str(workspace.returned_path(new.period, new.unit, new.version).relative_to(workspace.home)): copies[receipt]
        for new, filed in outcome.submissions
        if (receipt := filed.receipt.id) in copies
    }
    write_all(workspace.home, laid)
