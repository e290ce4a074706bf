"""Kiểm tra và lưu: one Great Expectations run for a round; figures, verdicts and answers in one transaction."""

from collections.abc import Collection, Sequence

from prefect import task

from baocao.domain.planned.period import Period
from baocao.domain.received.submission import Receipt
from baocao.intake.filing.answering import answers
from baocao.intake.filing.batch import Read
from baocao.intake.filing.filing import file_batch, key_of, rounds, sort_batch
from baocao.intake.filing.identity import identify
from baocao.intake.filing.marked_copies import lay_returned, mark_returned
from baocao.intake.filing.signed_copies import set_documents_apart, settle_documents, verify
from baocao.intake.filing.trials import set_trials_apart, settle_trials
from baocao.intake.filing.untouched import set_apart, settle_untouched
from baocao.mail.outbox import enqueue
from baocao.store.accepted.history import history_of
from baocao.store.contents import standings_of
from baocao.store.engine.database import reading, writing
from baocao.system.clock import Clock
from baocao.system.collector import few_collections
from baocao.workspace.workspace import Workspace, open_workspace
from expectations import check_batch
from tasks.support.retrying import once_more


@task(
    name="Kiểm tra và lưu",
    **once_more(10),
)
@few_collections()
def check_and_file(reads: Sequence[Sequence[Read]], periods: Collection[Period], clock: Clock) -> int:
    """Check what was read, save it and queue the answers, a round after the other; returns how many are new."""
    workspace = open_workspace()
    to_file, trials = set_trials_apart(identify(workspace, [one for chunk in reads for one in chunk]))
    _answer_trials(workspace, trials, clock)
    to_file, documents = set_documents_apart(workspace, to_file)
    _answer_documents(workspace, documents, clock)
    with reading(workspace.engine) as connection:
        batch, blank = set_apart(connection, workspace.plan, to_file)
    in_turn = list(rounds(batch)) or [[]]
    blanks = [blank, *([] for _ in in_turn[1:])]  # every unit's first file is in the first round
    return sum(
        _check_round(workspace, some, untouched, periods, clock)
        for some, untouched in zip(in_turn, blanks, strict=True)
    )


def _answer_trials(workspace: Workspace, trials: Sequence[Read], clock: Clock) -> None:
    if not trials:
        return
    with reading(workspace.engine) as connection:
        history = history_of(connection, workspace.plan, [one.content for one in trials])
    checked = check_batch(workspace.plan, [one.content for one in trials], history)
    copies = mark_returned(workspace, trials, checked)
    with writing(workspace.engine) as connection:
        letters = settle_trials(connection, workspace, trials, checked, copies, clock.now)
        enqueue(connection, letters, workspace.outbox_folder, clock.now)


def _answer_documents(workspace: Workspace, documents: Sequence[Receipt], clock: Clock) -> None:
    if not documents:
        return
    verified = verify(workspace, documents, clock)
    with writing(workspace.engine) as connection:
        letters = settle_documents(connection, workspace, documents, verified)
        enqueue(connection, letters, workspace.outbox_folder, clock.now)


def _check_round(
    workspace: Workspace,
    batch: Sequence[Read],
    blank: Sequence[Receipt],
    periods: Collection[Period],
    clock: Clock,
) -> int:
    with reading(workspace.engine) as connection:
        known = standings_of(connection, {key_of(workspace, one) for one in batch})
        history = history_of(connection, workspace.plan, [one.content for one in batch])
    in_order = sort_batch(workspace, batch, known, periods)
    checked = check_batch(workspace.plan, [one.content for one in in_order.to_check], history)
    copies = mark_returned(workspace, in_order.to_check, checked)
    with writing(workspace.engine) as connection:
        outcome = file_batch(connection, workspace, in_order, checked)
        lay_returned(workspace, outcome, copies)
        untouched = settle_untouched(connection, blank, outcome)
        letters = answers(workspace, outcome, history, clock.now, copies, untouched)
        enqueue(connection, letters, workspace.outbox_folder, clock.now)
    return len(outcome.submissions)
