"""What a check finds: a level, what is so, and how to mend it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from baocao.domain.labelled import Labelled
from baocao.system.errors import BaocaoError, OutsideServiceError, UsageError

CONFIGURATION, SERVICE = UsageError.exit_code, OutsideServiceError.exit_code
_ADVICE = re.compile(r"[.;:,] (?=hãy )", re.IGNORECASE)


class Level(Labelled):
    """Sound; worth a look; or broken, so that something will fail."""

    OK = "ok", "OK"
    WARNING = "warning", "CẢNH BÁO"
    FAULT = "fault", "LỖI"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at. ``blame`` is the exit code that a fault asks for: configuration or an outside service."""

    key: str
    name: str
    level: Level
    detail: str
    remedy: str = ""
    blame: int = 0

    def as_row(self) -> dict[str, str]:
        """The check as ``doctor --json`` prints it."""
        return {
            "check": self.key,
            "name": self.name,
            "level": self.level.value,
            "detail": self.detail,
            "remedy": self.remedy,
        }


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at; makes its checks."""

    key: str
    name: str

    def ok(self, detail: str) -> Diagnosis:
        """Sound."""
        return Diagnosis(self.key, self.name, Level.OK, detail)

    def warning(self, detail: str, remedy: str) -> Diagnosis:
        """Works, but worth a look."""
        return Diagnosis(self.key, self.name, Level.WARNING, detail, remedy)

    def misconfigured(self, detail: str, remedy: str) -> Diagnosis:
        """Broken by how it is set up."""
        return Diagnosis(self.key, self.name, Level.FAULT, detail, remedy, CONFIGURATION)

    def failing(self, detail: str, remedy: str) -> Diagnosis:
        """Broken by something outside: a server, a disk."""
        return Diagnosis(self.key, self.name, Level.FAULT, detail, remedy, SERVICE)

    def of_error(self, error: BaocaoError, remedy: str = "") -> Diagnosis:
        """Broken, as one of our errors tells; its sentence mostly ends with the advice, else ``remedy`` is it."""
        parts = _ADVICE.split(str(error), maxsplit=1)
        remedy = parts[1] if len(parts) > 1 else remedy
        blame = error.exit_code if error.exit_code in (CONFIGURATION, SERVICE) else SERVICE
        return Diagnosis(self.key, self.name, Level.FAULT, parts[0], remedy[:1].upper() + remedy[1:], blame)


def exit_code(checks: Iterable[Diagnosis]) -> int:
    """0 where nothing is broken; else wrong configuration before a failing service."""
    blames = {check.blame for check in checks if check.level is Level.FAULT}
    return min(blames, default=0)
