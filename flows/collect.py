"""Thu báo cáo: take in all that waits, check, store, answer."""

from collections import deque
from collections.abc import Iterable, Iterator

from prefect import flow
from prefect.futures import PrefectFutureList

from baocao.domain.planned.job import Job
from baocao.domain.planned.period import Period
from baocao.intake.filing.batch import Read
from baocao.system.clock import Clock, read_clock
from baocao.workspace.admission import admit
from baocao.workspace.workspace import open_workspace
from flows.report import report
from flows.support.alerts import alert_operators, settle
from flows.support.parameters import AsOfParameter, PeriodParameter, described
from flows.support.runners import chosen_runner
from flows.support.signing import sign_run
from tasks.approval import approved_periods, wake_decided
from tasks.board import show_board
from tasks.check import check_and_file
from tasks.deliver import deliver
from tasks.read import read_files, waiting_batches
from tasks.site import rebuild_site
from tasks.support.handing import whole
from tasks.support.progress import Advance, progress_of
from tasks.take_in import take_in

READING = "Đọc tệp"
CHECKING = "Kiểm tra, lưu, trả lời"


@flow(
    name="thu-bao-cao",
    description="Tiếp nhận, kiểm tra, lưu và trả lời mọi báo cáo đang chờ của một kỳ. Chạy lại không làm gì thừa.",
    flow_run_name="Thu báo cáo kỳ {period}",
    timeout_seconds=4 * 3600,
    task_runner=chosen_runner(),
    on_running=[sign_run],
    on_completion=[settle],
    on_failure=[alert_operators],
    on_crashed=[alert_operators],
)
@described
def collect(period: PeriodParameter, as_of: AsOfParameter = None) -> None:
    """Take in all that waits, check, store, answer."""
    clock = read_clock(as_of, open_workspace().zone)
    collect_periods([admit(open_workspace(), Job.COLLECT, period, clock)], clock)
    for approved in approved_periods():  # by mail, just now
        report(str(approved), as_of)
    wake_decided()


def collect_periods(periods: list[Period], clock: Clock) -> None:
    """Collect several periods at once: what is taken in belongs to the last one unless its file says otherwise."""
    if periods:
        take_in(periods[-1], clock)
        for batches in _until_nothing_is_left(periods):
            _check(batches, periods, clock)
        deliver(clock)
        show_board(periods[-1], clock)
        rebuild_site(clock)


def _until_nothing_is_left(periods: list[Period]) -> Iterator[list[list[list[int]]]]:
    """What waits, and what another collector left to this one meanwhile, since it was ahead with the same unit."""
    done: list[list[list[int]]] = []
    while (batches := waiting_batches(periods)) and batches != done:
        yield batches
        done = batches


def _check(batches: list[list[list[int]]], periods: list[Period], clock: Clock) -> None:
    waiting = sum(len(chunk) for chunks in batches for chunk in chunks)
    with progress_of(f"thu-bao-cao-{periods[-1]}", {READING: waiting, CHECKING: waiting}) as advance:
        for reads in _read_ahead(batches, advance):
            check_and_file(whole(reads), periods, clock)
            advance(CHECKING, sum(map(len, reads)))


def _read_ahead(batches: Iterable[list[list[int]]], advance: Advance) -> Iterator[list[list[Read]]]:
    """Each batch as its chunks were read; while the caller checks one, the next is being read."""
    ahead = deque[PrefectFutureList[list[Read]]]()
    for chunks in batches:
        ahead.append(read_files.map(chunks))
        if len(ahead) > 1:
            yield _read(ahead.popleft(), advance)
    for last in ahead:
        yield _read(last, advance)


def _read(chunks: PrefectFutureList[list[Read]], advance: Advance) -> list[list[Read]]:
    reads = []
    for chunk in chunks:
        reads.append(chunk.result())
        advance(READING, len(reads[-1]))
    return reads
