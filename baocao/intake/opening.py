"""The way to open one message, for programs outside this house: a fixed name, wherever the work is done."""

from baocao.message.opening import Opened, open_message

__all__ = ["Opened", "open_message"]
