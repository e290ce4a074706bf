"""The one way to write a letter: words and recipients in, a message for the outbox out."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from baocao.domain.mailbox import Mailbox
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Recipient
from baocao.domain.planned.unit import Unit
from baocao.mail.letters.answers import Letter
from baocao.mail.letters.compose import Enclosure, Outgoing
from baocao.workspace.workspace import Workspace

Addressee = Unit | Recipient | Mailbox
"""Whom a letter goes to: somebody of the plan, or a name with an address."""

_NO_IMAGES: Mapping[str, bytes] = MappingProxyType({})


def letter_to(
    workspace: Workspace,
    recipients: Iterable[Addressee],
    key: str,
    letter: Letter,
    *,
    kind: str = "",
    period: Period | None = None,
    unit: str | None = None,
    attachments: tuple[Enclosure, ...] = (),
    images: Mapping[str, bytes] = _NO_IMAGES,
) -> Outgoing:
    """A letter in our name, to be put into the outbox. Pure; nothing is checked or sent before that.

    ``key`` is its business key (``remind/2022-10/1/SCT``), by which it goes out once for ever; its first word is the
    ``kind`` of the letter where none is named. ``unit`` is the code of the unit that it is about. ``images``: PNG
    bytes by content id.
    """
    return Outgoing(
        plan=workspace.plan.code,
        key=key,
        kind=kind or key.partition("/")[0],
        period=period,
        unit=unit,
        sender=workspace.sender,
        recipients=tuple(mailbox_of(one) for one in recipients),
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        attachments=attachments,
        images=images,
    )


def mailbox_of(one: Addressee) -> Mailbox:
    """The name and the address of somebody who is written to."""
    return one if isinstance(one, tuple) else (one.name, one.email)
