"""Thư cho thủ trưởng từng đơn vị khi báo cáo phát hành: one page on its own unit."""

from baocao.domain.planned.choices import UnitPage
from baocao.domain.reported.document import ResultsDocument
from baocao.mail.letters.addressing import letter_to
from baocao.mail.letters.answers import render_letter
from baocao.mail.letters.compose import Outgoing
from baocao.narrative.unit_page import head_pages
from baocao.workspace.workspace import Workspace


def unit_letters(workspace: Workspace, report: ResultsDocument) -> list[Outgoing]:
    """A letter to each head with an address, on what the report says of its unit; none of a draft.

    One per unit and version: ``result/<period>/v<n>/<unit>``. The plan's ``unit_page`` turns it off or names others.
    """
    wish, plan = workspace.plan.unit_page, workspace.plan
    told = [unit for unit in plan.units if unit.head_email]
    if not told or wish is UnitPage.OFF or report.is_draft:
        return []
    pages = head_pages(report, wish)
    when = f"tổng kết {report.phase}" if report.looks_back else report.period.label
    return [
        letter_to(
            workspace,
            [(f"Lãnh đạo {unit.name}", unit.head_email)],
            f"result/{report.period}/v{report.version}/{unit.code}",
            render_letter(
                "result",
                report.as_subject(f"Kết quả của {unit.name}, {when}"),
                plan,
                unit=unit,
                page=pages[unit.code],
                more_due=pages[unit.code].more_due,
                when=when,
            ),
            period=report.period,
            unit=unit.code,
        )
        for unit in told
        if unit.code in pages
    ]
