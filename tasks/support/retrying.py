"""When a failed task is worth trying again: where the outside world failed, never for wrong usage or a bug.

Whoever waits is told so: on the terminal, in the run's log and among its artifacts.
"""

import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.logging.loggers import task_run_logger

from baocao.store.engine.names import Unreachable
from baocao.system.errors import OutsideServiceError
from baocao.workspace.workspace import open_workspace

WAITING = "dang-cho"
"""The key of the artifact that says what a run waits for."""


def once_more(after_seconds: int) -> dict[str, Any]:
    """A task's options: run again once, so much later, where the outside world failed; nothing is cached."""
    return {
        "cache_policy": NO_CACHE,
        "retries": 1,
        "retry_delay_seconds": after_seconds,
        "retry_condition_fn": if_outside_failed,
    }


def if_outside_failed(task: Any, run: Any, state: Any) -> bool:
    """Prefect's retry condition: the mail server, the database or the disk failed, and may be well again soon.

    Asked only where tries are left. A failure that stays until a person changes something (a wrong password) is none.
    """
    try:
        state.result()
    except OutsideServiceError as error:
        if error.is_final:
            return False
        _tell(task, run, str(error))
    except (Unreachable, OSError) as error:
        _tell(task, run, f"{type(error).__name__}: {error}".splitlines()[0])
    except Exception:  # noqa: BLE001 - anything else is not worth a retry, whatever it is
        return False
    else:
        return False
    return True


def _tell(task: Any, run: Any, why: str) -> None:
    """Say what failed and until when it is waited for; telling never stops the work."""
    tries = run.run_count
    seconds = _delay(task.retry_delay_seconds, tries)
    at = datetime.now(open_workspace().zone) + timedelta(seconds=seconds)
    said = (
        f"{task.name}: lần {tries}/{task.retries + 1} chưa được. {why.rstrip('.')}. "
        f"Đang chờ, thử lại lúc {at:%H:%M:%S} (sau {seconds:g} giây)."
    )
    print(f"{said} Nhấn Ctrl-C để dừng; việc đã làm vẫn được giữ.", file=sys.stderr, flush=True)
    with suppress(Exception):
        task_run_logger(run, task).warning(said)
        create_markdown_artifact(said, key=WAITING, description="Đang chờ để thử lại")


def _delay(delays: float | Sequence[float] | None, tries: int) -> float:
    if isinstance(delays, Sequence):
        return delays[min(tries, len(delays)) - 1] if delays else 0.0
    return delays or 0.0
