"""The window under ``serve``; run with ``python -m``. It ends when its parent closes its standard input, or is gone."""

import os
import signal
import sys
from threading import Thread

from baocao.mail.trouble import Trouble
from baocao.system.errors import BaocaoError
from deployments.logs import set_logging
from deployments.window.by_itself import open_window

FLOW = "cua-so-web"
"""The name of the window's troubles."""


def main() -> None:
    """Answer browsers until asked to end."""
    set_logging(is_debugging=False)
    Thread(target=_leave_with_parent, name="parent", daemon=True).start()
    try:
        open_window()
    except BaocaoError as error:
        print(str(error), file=sys.stderr, flush=True)
        _tell(error)
        os._exit(error.exit_code)
    os._exit(0)  # readers in their processes end with this one


def _tell(error: BaocaoError) -> None:
    """The operators learn what keeps the window closed, once a day; ``serve`` tries again meanwhile."""
    from flows.support.alerts import tell  # noqa: PLC0415 - loads much, and only where something is wrong

    remedy = "Sửa theo câu trên; cửa sổ được mở lại ngay khi được, các việc khác vẫn chạy"
    tell("Cửa sổ web chưa mở được", f"{FLOW}: {error}", [(FLOW, "", Trouble(str(error), remedy))])


def _leave_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
