"""A period of which nothing was accepted: no schedule publishes that; the coordinator gets a draft and the reason."""

from baocao.consolidation.standings import period_standings
from baocao.domain.planned.plan import RecipientRole
from baocao.mail.letters.addressing import letter_to
from baocao.mail.letters.answers import render_letter
from baocao.mail.outbox import enqueue
from baocao.reporting.prepared import Prepared, empty_key
from baocao.reporting.report_mail import report_attachments
from baocao.store.engine.database import reading, writing
from baocao.system.clock import Clock
from baocao.workspace.workspace import Workspace


def send_draft(workspace: Workspace, prepared: Prepared, clock: Clock) -> bool:
    """Mail an empty period's rendered draft to the coordinator, once; returns whether this call did so."""
    period, plan = prepared.report.period, workspace.plan
    coordinators = plan.recipients_of(RecipientRole.COORDINATOR) or plan.recipients_of(RecipientRole.OPERATOR)
    if not coordinators:
        return False
    with reading(workspace.engine) as connection:
        standings = period_standings(connection, plan, period)
    letter = render_letter(
        "unreported",
        f"Báo cáo kỳ {period.short} chưa gửi: chưa có báo cáo nào được chấp nhận",
        plan,
        period=period,
        standings=standings[:200],
        report_before=workspace.schedule(period).report_before,
    )
    files = report_attachments(prepared.report, prepared.folder, ("bao-cao.pdf",))
    message = letter_to(workspace, coordinators, empty_key(period), letter, period=period, attachments=files)
    with writing(workspace.engine) as connection:
        return bool(enqueue(connection, [message], workspace.outbox_folder, clock.now))
