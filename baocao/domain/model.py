"""The base of every frozen value that is read from the plan or handed to a renderer."""

from typing import Self

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value: immutable, and refusing fields that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    def __copy__(self) -> Self:
        """A copy that derives everything anew (``cached_property``): its fields may be exchanged (``model_copy``)."""
        copied = super().__copy__()
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied
