"""What the window asks of those who do the work; who answers is handed in by ``deployments``."""

from dataclasses import dataclass
from typing import Protocol

from baocao.domain.planned.period import Period
from baocao.system.errors import OutsideServiceError

NOBODY = "Chưa có máy chủ đang chạy nên không chạy lại được: vận hành khởi động baocao serve."


@dataclass(frozen=True, slots=True)
class Stopped:
    """A run that ended in a failure: its number at the server, what people call it, how it ended."""

    run: str
    name: str
    said: str


class Works(Protocol):
    """Starts runs. What is told is told at once; whether a run will come is its answer."""

    def is_there(self) -> bool:
        """Whether a server is there that starts runs."""
        ...

    def collect(self, name: str) -> bool:
        """A file of this name was handed in: take it up."""
        ...

    def report(self, period: Period) -> bool:
        """A report was decided on: let it go on."""
        ...

    def stopped(self) -> list[Stopped] | None:
        """The runs that failed lately and were not done since; None where the server does not answer soon."""
        ...

    def again(self, run: str) -> None:
        """Let a run that has ended be done again.

        Raises:
            UsageError: there is no such run.
            NotDueError: it has not ended.
            OutsideServiceError: no server answers.
        """
        ...


class NoWorks:
    """Nobody works beside the window: what it records waits for the next run by hand or by calendar."""

    def is_there(self) -> bool:
        """Nobody is there."""
        return False

    def collect(self, name: str) -> bool:  # noqa: ARG002
        """The file waits."""
        return False

    def report(self, period: Period) -> bool:  # noqa: ARG002
        """The report waits."""
        return False

    def stopped(self) -> list[Stopped]:
        """Nothing runs."""
        return []

    def again(self, run: str) -> None:  # noqa: ARG002
        """Nobody can."""
        raise OutsideServiceError(NOBODY)
