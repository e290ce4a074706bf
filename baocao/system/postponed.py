"""Modules that another library imports for something that we never ask of it: loaded when they are asked for."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class _Postponed(ModuleType):
    """Stands for a module until something of it is asked for. What the import system asks of a module is not there."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


@contextmanager
def postponed(*names: str) -> Iterator[None]:
    """Who imports these modules meanwhile gets one that loads itself at its first use; later ones get the real one.

    Python's own ``LazyLoader`` does not help: the import system looks at its modules, and they load.
    """
    stood_in = [_Postponed(name) for name in names if name not in sys.modules]
    sys.modules.update({one.__name__: one for one in stood_in})
    try:
        yield
    finally:
        for one in stood_in:
            if sys.modules.get(one.__name__) is one:
                del sys.modules[one.__name__]
