"""Thu báo cáo: take in all that waits, check, store, answer."""

from prefect import flow

from baocao.clock import read_clock
from baocao.domain.period import Period
from baocao.workspace import open_workspace
from flows.parameters import AsOfParameter, PeriodParameter
from tasks.board import show_board
from tasks.check import check_and_file
from tasks.deliver import deliver
from tasks.read import read_files, waiting_batches
from tasks.take_in import take_in


@flow(
    name="thu-bao-cao",
    description="Tiếp nhận, kiểm tra, lưu và trả lời mọi báo cáo đang chờ của một kỳ. Chạy lại không làm gì thừa.",
    flow_run_name="Thu báo cáo kỳ {period}",
    timeout_seconds=4 * 3600,
)
def collect(period: PeriodParameter, as_of: AsOfParameter = None) -> None:
    """Take in all that waits, check, store, answer."""
    clock = read_clock(as_of, open_workspace().zone)
    month = Period.parse(period)
    take_in(month, clock)
    for chunks in waiting_batches():
        reads = read_files.map(chunks).result()
        check_and_file(reads, [month], clock)
    deliver(clock)
    show_board(month, clock)
