"""A command run in this process: what was typed in, the exit code out; errors are told in one Vietnamese sentence."""

import sys
import traceback
from collections.abc import Callable

import typer
from typer.exceptions import TyperException

from baocao.system.errors import BaocaoError
from deployments.commands.root import app
from deployments.logs import set_logging
from deployments.vietnamese import usage_error

DEBUG_FLAG = "--debug"
WRONG_USAGE, BUG, STOPPED = 2, 5, 130
_STOPPED = "Đã dừng theo yêu cầu. Chạy lại lệnh để làm tiếp phần còn lại."


def run(words: list[str], elsewhere: Callable[[], int | None] = lambda: None) -> int:
    """Run a command in this process and turn its errors into one readable line and an exit code.

    ``elsewhere`` is asked first: the exit code where the command was run in another process, else None.
    """
    is_debugging = DEBUG_FLAG in words
    arguments = [word for word in words if word != DEBUG_FLAG]
    set_logging(is_debugging)
    try:
        code = elsewhere()
        if code is not None:
            return code
        code = app(args=arguments, standalone_mode=False)
        if code == STOPPED:  # that is how Typer tells of Ctrl-C
            return _explain(_STOPPED, STOPPED, is_debugging)
        return code if isinstance(code, int) else 0
    except TyperException as error:
        return _explain(usage_error(error), WRONG_USAGE, is_debugging)
    except BaocaoError as error:
        return _explain(str(error), error.exit_code, is_debugging)
    except (KeyboardInterrupt, typer.Abort):
        return _explain(_STOPPED, STOPPED, is_debugging)
    except Exception as error:  # noqa: BLE001 - the last resort, so that a person never meets a bare traceback
        if "KeyboardInterrupt" in str(error):  # Ctrl-C in the middle of pydantic's own code comes as an error of its
            return _explain(_STOPPED, STOPPED, is_debugging)
        cause = f"{type(error).__name__}: {error}".splitlines()[0]
        advice = "Dữ liệu đã lưu vẫn nguyên; hãy chạy lại với --debug và báo người vận hành."
        return _explain(f"Lỗi của chương trình: {cause}. {advice}", BUG, is_debugging)


def _explain(message: str, code: int, is_debugging: bool) -> int:
    print(message, file=sys.stderr)
    if is_debugging:
        traceback.print_exc()
    return code
