"""Whom a signed file is asked of; light, so that whoever reads their replies loads nothing that draws reports."""

from collections.abc import Sequence

from baocao.domain.planned.plan import Recipient, RecipientRole
from baocao.domain.planned.unit import Unit
from baocao.workspace.workspace import Workspace

KIND = "sign"
"""The kind of the request's mail, the first part of its key."""


def asked(workspace: Workspace) -> Sequence[Recipient | Unit]:
    """Whom the request goes to, and who may answer it with the signed file."""
    plan = workspace.plan
    return plan.recipients_of(RecipientRole.COORDINATOR) or (plan.unit_by_code[plan.coordinator],)
