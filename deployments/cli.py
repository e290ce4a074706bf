"""The command line ``baocao``: what can be done, in Vietnamese, and with which exit code it ends."""

import gettext
import os
import sys
import traceback
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
DEBUG_FLAG = "--debug"
BUG = 5


def main() -> None:
    """The entry point: runs a command and turns its errors into one readable line and an exit code."""
    is_debugging = DEBUG_FLAG in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != DEBUG_FLAG]
    os.environ.setdefault("LANGUAGE", "vi")
    gettext.bindtextdomain("messages", str(LOCALE))
    sys.exit(_run(arguments, is_debugging))


def _run(arguments: list[str], is_debugging: bool) -> int:
    from baocao.errors import BaocaoError
    from deployments.commands.root import app
    from deployments.environment import set_logging

    set_logging(is_debugging)
    try:
        code = app(args=arguments, standalone_mode=False)
        return code if isinstance(code, int) else 0
    except BaocaoError as error:
        return _explain(str(error), error.exit_code, is_debugging)
    except KeyboardInterrupt:
        return _explain("Đã dừng theo yêu cầu. Chạy lại lệnh để làm tiếp phần còn lại.", 130, is_debugging)
    except Exception as error:  # noqa: BLE001 - the last resort, so that a person never meets a bare traceback
        return _last_resort(error, is_debugging)


def _last_resort(error: Exception, is_debugging: bool) -> int:
    import click

    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.exceptions.Abort):
        return _explain("Đã dừng theo yêu cầu.", 130, is_debugging=False)
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    cause = f"{type(error).__name__}: {error}".splitlines()[0]
    message = (
        f"Lỗi của chương trình: {cause}. Dữ liệu đã lưu vẫn nguyên; hãy chạy lại với --debug và báo người vận hành."
    )
    return _explain(message, BUG, is_debugging)


def _explain(message: str, code: int, is_debugging: bool) -> int:
    print(message, file=sys.stderr)
    if is_debugging:
        traceback.print_exc()
    return code


if __name__ == "__main__":
    main()
