"""Kiến nghị đã trình: what was put to those who settle it, what they answered, and whether it is done."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from baocao.domain.approving import without_accents
from baocao.domain.labelled import Labelled
from baocao.domain.model import Frozen
from baocao.domain.planned.period import Period
from baocao.domain.reported.progress import Difficulty, folded_words, identity_of
from baocao.domain.wording import date_text

_BEFORE = " -–•.:"
_FIRST = tuple("dDđĐ")
_LONGEST_SETTLED = 60
"""Signs of a row's beginning, more than any of these words have however their accents are written."""
_SETTLED = re.compile(r"(?:da (?:duoc )?(?:giai quyet|dap ung|hoan thanh|xu ly)|da xong)\b")


class ProposalState(Labelled):
    """How far a proposal has come; what a person closed stays closed."""

    # Put to who settles it and not answered; each report says since when.
    WAITING = "waiting", "Chờ trả lời"
    # Answered: its owner does the work, and is reminded with each report until it is done.
    ANSWERED = "answered", "Đã trả lời"
    # The unit raises it no longer or says that it is settled, or a person closed it; told once more.
    DONE = "done", "Đã xong"


class Answer(Frozen):
    """What a leader's office decided: who does what by when. ``at`` is aware, ``due`` ISO text, empty where none."""

    by: str
    at: datetime
    text: str
    owner: str = ""
    due: str = ""


class Closing(Frozen):
    """Who closed a proposal by hand, when (aware) and why."""

    by: str
    at: datetime
    reason: str


class Followed(Frozen):
    """A proposal with its number. ``raised``: the last period in which its unit raised it; ``silent``: the first one
    after it in which the unit reported without it, or said that it is settled.
    """

    number: int
    unit: str
    difficulty: str
    proposal: str
    settled_by: str
    is_beyond_authority: bool
    since: Period
    raised: Period
    silent: Period | None = None
    answer: Answer | None = None
    closing: Closing | None = None

    @property
    def identity(self) -> tuple[str, str]:
        """That of the difficulty that it was put in."""
        return identity_of(self.unit, self.difficulty or self.proposal)

    @property
    def shared(self) -> tuple[str, str]:
        """What it has in common with those of other units that reports print under one number: words and agency."""
        return folded_words(self.difficulty or self.proposal), folded_words(self.settled_by)

    @property
    def state(self) -> ProposalState:
        """Where it stands."""
        if self.closing or self.silent:
            return ProposalState.DONE
        return ProposalState.ANSWERED if self.answer else ProposalState.WAITING

    def as_known(self, period: Period, at: datetime) -> "Followed":
        """As it stood for a period's report that was made at a moment."""
        silent = self.silent if self.silent and self.silent <= period else None
        answer = self.answer if self.answer and self.answer.at <= at else None
        closing = self.closing if self.closing and self.closing.at <= at else None
        return self.model_copy(update={"silent": silent, "answer": answer, "closing": closing})

    def is_told(self, period: Period, since: datetime | None) -> bool:
        """Whether a period's report tells what became of it; ``since``: when the report before it was made (aware).

        What is answered, each time; what is done, in the first report after that, and as long as its unit still raises
        what a person closed. What waits is asked for again, and told there.
        """
        if self.state is ProposalState.WAITING:
            return False
        if self.state is ProposalState.ANSWERED:
            return True
        if not (self.is_beyond_authority or self.answer):
            return False
        if self.closing:
            return self.raised == period or since is None or self.closing.at > since
        return self.silent == period

    @property
    def due_text(self) -> str:
        """``30/11/2022``."""
        if self.answer is None or not self.answer.due:
            return ""
        return date_text(datetime.fromisoformat(self.answer.due).date())


def numbered(difficulties: Sequence[Difficulty], followed: Iterable[Followed]) -> tuple[Difficulty, ...]:
    """Each difficulty under the number by which its proposal is answered.

    What several units ask bears the first that is not done. ``followed``: as they stood when the report was made.
    """
    given = {put.identity: (put.state is ProposalState.DONE, put.number) for put in followed}
    first: dict[str, tuple[bool, int]] = {}
    for one in difficulties:
        if one.identity in given:
            first[one.number] = min(given[one.identity], first.get(one.number, given[one.identity]))
    return tuple(
        one.model_copy(update={"number": str(first[one.number][1])}) if one.number in first else one
        for one in difficulties
    )


def is_put(one: Difficulty) -> bool:
    """Whether a difficulty is a proposal to be followed: it asks for something, and does not say that it has it."""
    return bool(one.proposal.strip()) and not says_settled(one)


def says_settled(one: Difficulty) -> bool:
    """Whether the unit says in the row itself that it is settled: «Đã giải quyết», «Đã được đáp ứng», «Đã xong»."""
    heads = (text.lstrip(_BEFORE)[:_LONGEST_SETTLED] for text in (one.difficulty, one.proposal))
    return any(_SETTLED.match(without_accents(head).strip(_BEFORE)) for head in heads if head[:1] in _FIRST)


def digest_of(one: Difficulty) -> str:
    """What tells a proposal from another: its unit and the words of its difficulty."""
    return hashlib.sha256("\n".join(one.identity).encode()).hexdigest()
