"""An enum whose members have a word for people beside their value."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """Members are written ``NAME = "value", "Chữ cho người đọc"``; the value is what is stored and sent as JSON."""

    _value_: str
    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """A member; in a look-up by its value the word is not given."""
        one = str.__new__(cls, value)
        one._value_ = value
        one.label = label
        return one
