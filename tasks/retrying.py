"""When a failed task is worth trying again: where the outside world failed, never for wrong usage or a bug."""

from typing import Any

from sqlalchemy.exc import OperationalError

from baocao.errors import OutsideServiceError


def if_outside_failed(_task: Any, _run: Any, state: Any) -> bool:
    """Prefect's retry condition: the mail server, the database or the disk failed."""
    try:
        state.result()
    except (OutsideServiceError, OperationalError, OSError):
        return True
    except Exception:  # noqa: BLE001 - anything else is not worth a retry, whatever it is
        return False
    return False
