"""Bảng theo dõi: what operators see of a run in Prefect's pages."""

from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE

from baocao.clock import Clock
from baocao.domain.narrative import narrate
from baocao.domain.period import Period
from baocao.reporting import Prepared
from baocao.status import period_status
from baocao.workspace import open_workspace

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
                "Trạng thái": unit.state.label,
                "Thời hạn": unit.timeliness.label,
                "Lần nộp": unit.version or "",
                "Lỗi": unit.critical,
                "Cảnh báo": unit.warnings,
            }
            for unit in status.units[:SHOWN_UNITS]
        ],
    )


@task(name="Tóm tắt báo cáo", cache_policy=NO_CACHE)
def show_report(prepared: Prepared) -> None:
    """The report's first sentences, and where its files are."""
    story = narrate(prepared.report)
    create_markdown_artifact(
        key=f"bao-cao-{prepared.report.period}",
        description=f"Báo cáo {prepared.report.period.label}",
        markdown=f"{story.headline}\n\n{chr(10).join(f'- {line}' for line in story.results)}\n\n`{prepared.folder}`",
    )
