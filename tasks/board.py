"""Bảng theo dõi: what operators see of a run in Prefect's pages."""

from prefect import task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from baocao.domain.planned.period import Period
from baocao.oversight.status import period_status
from baocao.system.clock import Clock
from baocao.workspace.workspace import open_workspace

SHOWN_UNITS = 500


@task(name="Cập nhật bảng theo dõi", cache_policy=NO_CACHE)
def show_board(period: Period, clock: Clock) -> None:
    """The units of a period as a table."""
    status = period_status(open_workspace(), period, clock)
    create_table_artifact(
        key=f"tinh-hinh-nop-{period}",
        description=f"Tình hình nộp báo cáo {period.label}",
        table=[
            {
                "Đơn vị": unit.name,
                "Trạng thái": unit.label,
                "Thời hạn": unit.timeliness.label,
                "Lần nộp": unit.version or "",
                "Lỗi": unit.critical,
                "Cảnh báo": unit.warnings,
            }
            for unit in status.units[:SHOWN_UNITS]
        ],
    )
