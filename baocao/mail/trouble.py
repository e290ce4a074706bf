"""What an operator is told about: mails that did not clearly arrive."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that an operator should look at, and what to do about it."""

    what: str
    remedy: str
