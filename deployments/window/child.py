"""The window under ``serve``; run with ``python -m``. It ends when its parent closes its standard input, or is gone."""

import os
import signal
import sys
from threading import Thread

from baocao.system.errors import BaocaoError
from deployments.logs import set_logging
from deployments.window.by_itself import open_window


def main() -> None:
    """Answer browsers until asked to end."""
    set_logging(is_debugging=False)
    Thread(target=_leave_with_parent, name="parent", daemon=True).start()
    try:
        open_window()
    except BaocaoError as error:
        print(str(error), file=sys.stderr, flush=True)
        os._exit(error.exit_code)
    os._exit(0)  # readers in their processes end with this one


def _leave_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
