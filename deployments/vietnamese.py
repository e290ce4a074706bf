"""Typer's own English words in Vietnamese: help pages and usage errors."""

import re
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

_WORDS = {
    "Usage:": "Cách dùng:",
    "Options:": "Tùy chọn:",
    "Arguments:": "Tham số:",
    "Commands:": "Lệnh:",
    "[OPTIONS]": "[TÙY CHỌN]",
    "COMMAND [ARGS]...": "LỆNH [THAM SỐ]...",
    "[required]": "[bắt buộc]",
    "[default: ": "[mặc định: ",
    "Show this message and exit.": "In trợ giúp này rồi thoát.",
}
_ERRORS = (
    (r"Missing option '(.+?)'\.?.*", r"Thiếu tùy chọn \1."),
    (r"Missing argument '(.+?)'\.?.*", r"Thiếu tham số \1."),
    (r"Missing command\.?", "Thiếu lệnh."),
    (r"No such command '(.+?)'\.?.*", r"Không có lệnh “\1”."),
    (r"No such option: (\S+).*", r"Không có tùy chọn \1."),
    (r"Option '(.+?)' requires an argument\.?", r"Tùy chọn \1 cần một giá trị."),
    (r"Got unexpected extra arguments? \((.+)\)", r"Thừa tham số: \1."),
    (r"Invalid value for '(.+?)'(?: / '.+?')*: '(.*?)' is not a valid .*", r"\1: “\2” không hợp lệ."),
    (r"Invalid value for '(.+?)'(?: / '.+?')*: (.*)", r"\1: \2"),
    (r"Invalid value: (.*)", r"\1"),
)


def in_vietnamese(text: str) -> str:
    """A help page with Typer's own words replaced."""
    for english, vietnamese in _WORDS.items():
        text = text.replace(english, vietnamese)
    return text


def usage_error(error: Any) -> str:
    """A usage error as one readable line: what is wrong and where to look; the help page where nothing was asked."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return str(error.format_message())
    message = " ".join(str(error.format_message()).split())
    for pattern, vietnamese in _ERRORS:
        if re.fullmatch(pattern, message):
            message = re.sub(pattern, vietnamese, message)
            break
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "baocao"
    return f"{message} Xem cách dùng: {command} --help"


class Command(TyperCommand):
    """A command whose help is Vietnamese."""

    def get_help(self, ctx: Any) -> str:
        """The help page."""
        return in_vietnamese(super().get_help(ctx))


class Group(TyperGroup):
    """A group of commands whose help is Vietnamese."""

    def get_help(self, ctx: Any) -> str:
        """The help page."""
        return in_vietnamese(super().get_help(ctx))


def application(**more: Any) -> typer.Typer:
    """A Typer application with our manners: plain help, no completion to install, no tracebacks."""
    return typer.Typer(
        cls=Group,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        **more,
    )
