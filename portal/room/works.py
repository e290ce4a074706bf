"""What the window asks of those who do the work; who answers is handed in by ``deployments``."""

from typing import Protocol

from baocao.domain.planned.period import Period


class Works(Protocol):
    """Starts runs. Every method returns at once; whether a run will come is its answer."""

    def is_there(self) -> bool:
        """Whether a server is there that starts runs."""
        ...

    def collect(self, name: str) -> bool:
        """A file of this name was handed in: take it up."""
        ...

    def report(self, period: Period) -> bool:
        """A report was decided on: let it go on."""
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
