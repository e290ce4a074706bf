"""Changing a YAML text in place: only what is changed is rewritten; comments, order and folding stay as they were.

No round trip of ruamel.yaml, which keeps comments, order and quotes but folds every long text anew at one width: of
the plans in ``plans/`` it rewrites four files in which nothing was changed, 55 to 95 lines of a diff each. It knows
where something begins (``lc``), not where it ends, which an edit in place needs; PyYAML's nodes know both.
"""

import math
import re
from collections.abc import Iterator
from typing import Any

import yaml

Place = tuple[str | int, ...]
_PLAIN = re.compile(r"[^\W\d_][^:#\[\]{}\n\"'%@`|>&*!]*[^\W_]|[\d-]+")
_AMBIGUOUS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


class YamlText:
    """One YAML document of block style and the changes that are to be made to it.

    Places are keys and positions from the top, as in ``("pilot", "start")``. Changes are collected and made at once by
    :meth:`changed`, so that a change never moves the place of another.
    """

    def __init__(self, text: str) -> None:
        """Read the text.

        Raises:
            yaml.YAMLError: it is no YAML.
        """
        self.text = text
        self._nodes: dict[Place, Any] = {}
        self._note(yaml.compose(text, Loader=yaml.SafeLoader), ())
        self._edits: list[tuple[int, int, str]] = []

    def _note(self, node: Any, at: Place) -> None:
        self._nodes[at] = node
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                self._note(value, (*at, key.value))
        elif isinstance(node, yaml.SequenceNode):
            for position, value in enumerate(node.value):
                self._note(value, (*at, position))

    def scalars(self) -> Iterator[tuple[Place, str]]:
        """Every single value with its place, in the order of the text; keys of mappings are not among them."""
        for place, node in self._nodes.items():
            if isinstance(node, yaml.ScalarNode):
                yield place, node.value

    def value(self, place: Place) -> str | None:
        """The single value at a place; None where there is none."""
        node = self._nodes.get(place)
        return node.value if isinstance(node, yaml.ScalarNode) else None

    def has(self, place: Place) -> bool:
        """Whether something stands at a place."""
        return place in self._nodes

    def line(self, place: Place) -> int:
        """The line of a place, from 1."""
        number: int = self._nodes[place].start_mark.line + 1
        return number

    def replace(self, place: Place, value: str) -> None:
        """Write another text at a place, quoted where YAML would take it for something else."""
        self.replace_raw(place, scalar(value))

    def replace_raw(self, place: Place, yaml_text: str) -> None:
        """Write other YAML at a place; it must fit on the line."""
        self._edits.append((self._nodes[place].start_mark.index, self._content_end(place), yaml_text))

    def remove_item(self, place: Place) -> None:
        """Take an item out of a sequence of block style, with the comments up to the next one."""
        start = self._line_start(self._nodes[place].start_mark.index)
        following = self._nodes.get((*place[:-1], int(place[-1]) + 1))
        end = self._line_start(following.start_mark.index) if following else self._end(place[:-1])
        self._edits.append((start, end, ""))

    def add_key(self, place: Place, key: str, value: str) -> None:
        """Add a key at the end of a mapping of block style."""
        node = self._nodes[place]
        indent = " " * node.value[0][0].start_mark.column
        end = self._end(place)
        self._edits.append((end, end, f"{indent}{key}: {scalar(value)}\n"))

    def prepend_items(self, place: Place, values: list[str]) -> None:
        """Put texts in front of a sequence of block style."""
        start = self._line_start(self._nodes[(*place, 0)].start_mark.index)
        indent = self.text[start : self.text.index("-", start)]
        self._edits.append((start, start, "".join(f"{indent}- {scalar(value)}\n" for value in values)))

    def _line_start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def _content_end(self, place: Place) -> int:
        """The end of what stands at a place, before the comments and blank lines that follow it."""
        last = self._nodes[place]
        while not isinstance(last, yaml.ScalarNode) and last.value and not last.flow_style:
            last = last.value[-1][1] if isinstance(last, yaml.MappingNode) else last.value[-1]
        return len(self.text[: last.end_mark.index].rstrip())

    def _end(self, place: Place) -> int:
        """The line after it."""
        return self.text.find("\n", self._content_end(place)) + 1 or len(self.text)

    def changed(self) -> str:
        """The text with every change."""
        text = self.text
        for start, end, new in sorted(self._edits, reverse=True):
            text = text[:start] + new + text[end:]
        return text


def scalar(value: str) -> str:
    """A text as YAML writes it on one line; plain where nothing can be mistaken."""
    line = " ".join(value.split())
    is_plain = _PLAIN.fullmatch(line) and line.lower() not in _AMBIGUOUS
    if is_plain:
        return line
    return str(yaml.safe_dump(line, allow_unicode=True, default_style='"', width=math.inf)).strip()
