"""What each kind of decision asks of who signs it, and the signature itself."""

from baocao.domain.signature import Channel, Demand, Signature
from baocao.domain.signature import sign as sign_at
from baocao.system.clock import Clock

_BOTH = "Quyết định bằng tay phải có họ tên (--name) và lý do (--reason)."
_WHO_APPROVES = "Duyệt hay không duyệt đều phải có họ tên người quyết định."

BY_HAND = Demand(_BOTH, _BOTH)
"""Accepting, rejecting, more time, a file let out, a new code, a mail to another address."""

APPROVAL = Demand(_WHO_APPROVES)
REFUSAL = Demand(_WHO_APPROVES, "Không duyệt thì phải nêu lý do: thêm --reason “…”.")
CORRECTION = Demand(
    "Đính chính thì phải có họ tên người đính chính.",
    'Đính chính thì phải nêu lý do, in trong báo cáo: thêm --reason "…".',
)
CONCLUSION = Demand("Kết luận phải có họ tên (--name).")
"""What became of a mail; how it is known is asked for with it."""

OPERATION = Demand("Việc này phải có họ tên người làm (--name).")
"""Sending the same again, restoring a backup: it needs no reason, but somebody who did it."""


def sign(
    name: str, reason: str, clock: Clock, channel: Channel = Channel.COMMAND, demand: Demand = BY_HAND
) -> Signature:
    """A decision's signature, at the clock's moment.

    Raises:
        UsageError: nobody answers for the decision, or it lacks the reason that ``demand`` asks for.
    """
    return sign_at(demand, name, reason, clock.now, channel)
