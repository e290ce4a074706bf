"""Modules that another library imports for something that we never ask of it: loaded when they are asked for."""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec
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


@contextmanager
def kept_out(pattern: str) -> Iterator[list[str]]:
    """Modules whose full name matches are not imported within; what others take of them are promises of it.

    Packages match with what is in them. Given is the list of those that were asked for. Afterwards whoever imports one
    gets the real one, a promise that is called or asked for something loads its own, and so does :func:`kept`.
    """
    finder = _KeptOut(pattern)
    sys.meta_path.insert(0, finder)
    try:
        yield finder.names
    finally:
        sys.meta_path.remove(finder)
        for name in finder.names:
            _forget(name)


def is_promised(thing: object) -> bool:
    """Whether it only stands for what it would be: its module was kept out."""
    return isinstance(thing, _Promise)


def kept(promise: Any) -> Any:
    """What was promised."""
    return getattr(import_module(promise.__module__), promise.__name__)


class _KeptOut:
    """Finds the modules that are kept out before anything else does; their loader, too."""

    def __init__(self, pattern: str) -> None:
        self._is_unwanted = re.compile(pattern).fullmatch
        self.names: list[str] = []

    def find_spec(self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None) -> ModuleSpec | None:
        if not self._is_unwanted(name):
            return None
        self.names.append(name)
        return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type] # a loader without its old methods

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Promising(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is in it."""


class _Promising(ModuleType):
    """A module that was kept out: it has whatever it is asked for, as a promise."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        promise = _Promise(self.__name__, name)
        setattr(self, name, promise)
        return promise


class _Promise:
    """Stands for a class or a function; nothing is an instance of it before its module is loaded."""

    def __init__(self, module: str, name: str) -> None:
        self.__module__, self.__name__ = module, name

    def __call__(self, *given: Any, **named: Any) -> Any:
        return kept(self)(*given, **named)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(kept(self), name)

    def __mro_entries__(self, _bases: tuple[Any, ...]) -> tuple[type, ...]:
        return (kept(self),)

    def __instancecheck__(self, one: Any) -> bool:
        return self.__module__ in sys.modules and isinstance(one, kept(self))

    def __subclasscheck__(self, kind: type) -> bool:
        return self.__module__ in sys.modules and issubclass(kind, kept(self))


def _forget(name: str) -> None:
    """As if nobody had asked for it; whoever took promises keeps them."""
    module = sys.modules.get(name)
    if isinstance(module, _Promising):
        del sys.modules[name]
        parent, _, own = name.rpartition(".")
        if vars(sys.modules.get(parent, module)).get(own) is module:
            delattr(sys.modules[parent], own)
