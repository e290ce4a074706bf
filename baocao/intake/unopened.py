"""Packed files of the folder that brought nothing: noted once, and whoever laid them is told once how to send them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from baocao.domain.grouping import grouped
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import RecipientRole
from baocao.domain.wording import enumeration
from baocao.intake.folder import Waiting, readable
from baocao.intake.mailbox.deciding import Fate
from baocao.mail.letters.addressing import Addressee, letter_to
from baocao.mail.letters.answers import answer_held, quarantine_note
from baocao.mail.letters.compose import Outgoing
from baocao.mail.outbox import enqueue
from baocao.store import archive, incoming
from baocao.store.engine.database import reading, writing
from baocao.system.names import clean_name
from baocao.workspace.workspace import Workspace

_SHOWN = 5
_KEY = 16


@dataclass(frozen=True, slots=True)
class Left:
    """A file that stays where it lies. ``remedies``: Vietnamese sentences on how to send it; none for litter."""

    waiting: Waiting
    received_at: datetime
    remedies: tuple[str, ...]

    @property
    def name(self) -> str:
        """What people call it."""
        return clean_name(readable(self.waiting.path.name))


def is_noted(workspace: Workspace, one: Waiting) -> bool:
    """Whether this very file was looked into before."""
    with reading(workspace.engine) as connection:
        return incoming.fate_of(connection, _ref(one)) is not None


def note(workspace: Workspace, some: Sequence[Left], period: Period, as_of: datetime) -> None:
    """Note files that stay, and tell of those that somebody meant to send: their unit, or the coordinator of nobody's.

    One letter a unit, in the transaction that notes the files. Idempotent: a file that was noted is told of no more.
    """
    with writing(workspace.engine) as connection:
        new = [one for one in some if incoming.enter(connection, _row(one, period))]
        letters = _letters(workspace, [one for one in new if one.remedies], period)
        enqueue(connection, letters, workspace.outbox_folder, as_of)


def _ref(one: Waiting) -> str:
    return archive.digest(one.ref.encode())


def _row(one: Left, period: Period) -> dict[str, Any]:
    return {
        "ref": _ref(one.waiting),
        "sha256": _ref(one.waiting),
        "sender": "",
        "subject": one.name,
        "message_id": None,
        "thread": "",
        "is_authentic": False,
        "received_at": one.received_at,
        "period": str(period),
        "fate": Fate.ANSWERED if one.remedies else Fate.IGNORED,
        "note": " ".join(one.remedies),
    }


def _letters(workspace: Workspace, told: Iterable[Left], period: Period) -> list[Outgoing]:
    of_units = grouped(told, lambda one: one.waiting.unit)
    return [_letter(workspace, unit, some, period) for unit, some in of_units.items()]


def _letter(workspace: Workspace, code: str | None, some: Sequence[Left], period: Period) -> Outgoing:
    plan, received_at = workspace.plan, max(one.received_at for one in some)
    why = " ".join(dict.fromkeys(remedy for one in some for remedy in one.remedies))
    recipients: list[Addressee]
    if code is None:
        where = str(workspace.settings.inbox_folder.resolve())
        letter = quarantine_note(plan, _names(some), received_at, why, where=where)
        recipients = [*plan.recipients_of(RecipientRole.COORDINATOR)]
    else:
        unit = plan.unit_by_code[code]
        letter, recipients = answer_held(plan, unit, _names(some), received_at, why), [unit]
    key = archive.digest("\n".join(sorted(_ref(one.waiting) for one in some)).encode())[:_KEY]
    return letter_to(workspace, recipients, f"held/{period}/goi-{key}", letter, period=period, unit=code)


def _names(some: Sequence[Left]) -> str:
    shown = enumeration([one.name for one in some[:_SHOWN]])
    return shown if len(some) <= _SHOWN else f"{shown} và {len(some) - _SHOWN} tệp khác"
