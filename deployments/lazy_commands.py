"""Commands that are known by name alone until one is called: so that help and quick commands load nothing heavy."""

import ast
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from typer.main import get_command

from deployments.vietnamese import Command, Group, application

HOUSE = "deployments.commands"


class LazyCommand(Command):
    """A command in a list of commands; the module that holds it is imported by :meth:`loaded`.

    ``place`` is the module, seen from :data:`HOUSE`, and the function: ``board.status``.
    """

    def __init__(self, name: str, place: str) -> None:
        super().__init__(name, rich_markup_mode=None)
        module, self._function = f"{HOUSE}.{place}".rsplit(".", 1)
        self._module = module

    def get_short_help_str(self, limit: int = 45) -> str:
        """The line in the list of commands: how the function's docstring begins."""
        self.help = _docstrings(self._module)[self._function]
        return super().get_short_help_str(limit)

    def loaded(self, words: Sequence[str] = ()) -> Any:  # noqa: ARG002 - a group looks at them
        """The command itself, with its options; now its module is imported, with all that it needs.

        ``words`` are those that follow its name.
        """
        alone = application()
        alone.command(self.name, cls=Command)(getattr(import_module(self._module), self._function))
        return get_command(alone)


class LazyCommandGroup(LazyCommand):
    """A command that is also a group: called with a word of ``commands`` it is that command, else itself."""

    def __init__(self, name: str, place: str, commands: Mapping[str, str]) -> None:
        super().__init__(name, place)
        self._beside = commands

    def loaded(self, words: Sequence[str] = ()) -> Any:
        """The group; it takes its own options only where none of its commands is called."""
        own = super().loaded()
        group = LazyGroup(name=self.name, help=own.help, invoke_without_command=True, rich_markup_mode=None)
        if not words or words[0] not in self._beside:
            group.callback, group.params = own.callback, own.params
        for name, place in self._beside.items():
            group.add_command(LazyCommand(name, place))
        return group


@cache
def _docstrings(module: str) -> dict[str, str]:
    """What the functions of a module say of themselves, read off its source, which is not run."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(module)
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    return {one.name: ast.get_docstring(one) or "" for one in tree.body if isinstance(one, ast.FunctionDef)}


class LazyGroup(Group):
    """A group of such commands: the one that is called is imported, and no other."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that the words name, ready to run or to show its own help."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.loaded(rest) if isinstance(command, LazyCommand) else command, rest
