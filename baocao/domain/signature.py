"""Chữ ký: who decided, why, when and by which way; every decision of a person bears one."""

from dataclasses import dataclass
from datetime import datetime

from baocao.domain.labelled import Labelled
from baocao.system.errors import UsageError

LONGEST_NAME = 200


class Channel(Labelled):
    """By which way a decision came; kept in the audit book beside it."""

    # Typed at the command line, by somebody who may use this machine.
    COMMAND = "command", "dòng lệnh"
    # Answered by mail, from an address for which our mail server vouches.
    MAIL = "mail", "thư"
    # Filled in on a page of Prefect.
    PAGE = "page", "trang Prefect"
    # Decided in the window, by somebody who signed in with a link that was mailed to an address of the plan.
    WINDOW = "window", "cửa sổ web"


@dataclass(frozen=True, slots=True)
class Signature:
    """``at`` is aware. ``reason`` is empty only where the decision needs none. Made by :func:`sign` alone."""

    name: str
    reason: str
    at: datetime
    channel: Channel = Channel.COMMAND


@dataclass(frozen=True, slots=True)
class Demand:
    """What a kind of decision asks of who signs it: what is told where the name, or the reason, is missing.

    ``unreasoned`` is empty where no reason is needed.
    """

    unnamed: str
    unreasoned: str = ""


def sign(demand: Demand, name: str, reason: str, at: datetime, channel: Channel) -> Signature:
    """A signature: the name on one line, the reason without blanks around it.

    Raises:
        UsageError: the name is blank or longer than :data:`LONGEST_NAME`, or a reason that is needed is blank.
    """
    who, why = " ".join(name.split()), reason.strip()
    if not who or len(who) > LONGEST_NAME:
        raise UsageError(demand.unnamed)
    if demand.unreasoned and not why:
        raise UsageError(demand.unreasoned)
    return Signature(who, why, at, channel)
