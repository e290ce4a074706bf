"""Taking in, checking and answering, for every flow that collects."""

from collections import deque
from collections.abc import Iterable, Iterator

from prefect import get_run_logger
from prefect.futures import PrefectFutureList

from baocao.domain.planned.period import Period
from baocao.intake.filing.batch import Read
from baocao.mail.trouble import Trouble
from baocao.system.clock import Clock
from flows.support.alerts import tell
from tasks.agenda import opened_periods
from tasks.board import show_board
from tasks.check import check_and_file
from tasks.deliver import deliver
from tasks.read import read_files, waiting_batches
from tasks.site import is_site_current, rebuild_site
from tasks.support.handing import whole
from tasks.support.progress import Advance, progress_of
from tasks.take_in import take_in

READING = "Đọc tệp"
CHECKING = "Kiểm tra, lưu, trả lời"
PATIENCE_SECONDS = 600.0
REMEDY = "Sửa nguyên nhân rồi chạy: baocao catch-up; nếu số liệu thay đổi, làm đính chính"


def collect_periods(periods: list[Period], clock: Clock, *, is_full: bool = False) -> None:
    """Collect several periods at once: what is taken in belongs to the last one unless its file says otherwise.

    Boards and site are made anew where something came, where a date has passed since, and where ``is_full``: then what
    another run is collecting just now is waited for, too, since what follows leans on it.
    """
    if not periods:
        return
    has_news = take_in(periods[-1], clock) > 0
    for batches in _until_nothing_is_left(periods, PATIENCE_SECONDS if is_full else 0.0):
        has_news = True
        _check(batches, periods, clock)
    deliver(clock)
    if has_news or is_full or not is_site_current(clock):
        show_board(periods[-1], clock)
        rebuild_site(clock)


def collect_before_report(clock: Clock) -> None:
    """Take in what waits before a scheduled report is made, and wait for what another run is collecting just now.

    Where that fails, the operators are told, and the report is made from what was collected before: its date counts.
    """
    periods = opened_periods(clock)
    try:
        take_in(periods[-1], clock)
        for batches in _until_nothing_is_left(periods, PATIENCE_SECONDS):
            _check(batches, periods, clock)
    except Exception as error:  # noqa: BLE001 - told, and no unit's file keeps the others' figures waiting
        get_run_logger().error("Không thu được trước khi lập báo cáo: %s", error)
        trouble = Trouble(f"Báo cáo được lập từ những gì đã thu trước đó: {error}", REMEDY)
        tell("Chưa thu được trước khi lập báo cáo", str(error), [("thu-bao-cao", str(periods[-1]), trouble)])


def _until_nothing_is_left(periods: list[Period], patience: float = 0.0) -> Iterator[list[list[list[int]]]]:
    """What waits, and what another collector left to this one meanwhile, since it was ahead with the same unit."""
    done: list[list[list[int]]] = []
    while (batches := waiting_batches(periods, patience)) and batches != done:
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
