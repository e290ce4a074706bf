"""The documents tell the truth: rooms as the linter holds them, all states and settings, what they name is there."""

import re
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest
from support import ROOT

from baocao.domain.delivery import DeliveryState
from baocao.domain.received.submission import ReceiptState, UnitState, Verdict
from baocao.intake.mailbox.deciding import Fate
from baocao.store.reports import ReportState
from baocao.workspace.settings import Settings
from deployments.commands.root import app
from deployments.lazy_commands import LazyCommand

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
TEXTS = {page.name: page.read_text(encoding="utf-8") for page in PAGES}
HOUSE = TEXTS["architecture.md"]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
STATES = (ReceiptState, Verdict, UnitState, ReportState, DeliveryState, Fate)
CODE = re.compile(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
OURS = (
    "baocao",
    "expectations",
    "tasks",
    "flows",
    "portal",
    "deployments",
    "tests",
    "tools",
    "benchmarks",
    "docs",
    "plans",
)
PATH = re.compile(rf"(?<![\w/{{}}.-])(?:(?:{'|'.join(OURS)})/[\w./-]*|[\w/-]+\.py\b)")
MADE_BY_READERS = ("plans/ke-hoach-moi",)
FILES = {path.name for room in OURS for path in (ROOT / room).rglob("*.py")}
COMMAND = re.compile(r"(?:^|[\s(]|bin/)baocao (--version|--help|[a-z][^#|)]*)")


def rooms_in_the_linter() -> dict[str, str]:
    """By room, from the top: what its contract lets it import, in the words of the page."""
    found: dict[str, str] = {}
    for contract in CONTRACTS:
        if contract["type"] == "layers":
            inside = "".join(f"{container}/" for container in contract.get("containers", ()))
            layers = [[f"`{inside}{one.strip()}`" for one in re.split("[:|]", layer)] for layer in contract["layers"]]
            are_apart = ["|" in layer for layer in contract["layers"]]
            for below, layer, is_apart in zip([*layers[1:], []], layers, are_apart, strict=True):
                for room in layer:
                    beside = [other for other in layer if other != room and not is_apart]
                    found[room] = ", ".join([*beside, *below]) + (" and below" if below else "") or "nothing of ours"
    return found


def rows_of_the_page() -> dict[str, str]:
    rows = re.findall(r"^\| (`[a-z/]+`) \| [^|]+ \| ([^|]+) \|$", HOUSE, re.MULTILINE)
    return {room: may_import.split(";")[0] for room, may_import in rows}


def test_the_rooms_are_those_that_the_linter_holds() -> None:
    assert rows_of_the_page() == rooms_in_the_linter()


@pytest.mark.parametrize("states", STATES, ids=lambda enum: enum.__name__)
def test_every_state_is_drawn(states: type[StrEnum]) -> None:
    section = HOUSE[HOUSE.index(f"`{states.__name__}`") :].split("\n## ")[0]
    assert [str(state) for state in states if not re.search(rf"\b{state}\b", section)] == []


def test_the_table_of_settings_is_whole() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_0-9]+)` \| ([^|]*?) ?\| [^|]+ \|$", HOUSE, re.MULTILINE))
    assert [name.lower() for name in rows] == list(Settings.model_fields)
    plain = {name: field.default for name, field in Settings.model_fields.items()}
    told = {name: rows[name.upper()] for name, default in plain.items() if isinstance(default, int) or default}
    assert {name: shown for name, shown in told.items() if shown != default_text(plain[name])} == {}


def default_text(default: Any) -> str:
    """A default as the table shows it; secrets and what is empty show nothing."""
    text = ",".join(default) if isinstance(default, tuple) else str(default)
    return f"`{text}`" if text.strip("*") else ""


def paths_in(text: str) -> Iterator[str]:
    return (found.rstrip("./") for found in PATH.findall(text))


@pytest.mark.parametrize("name", TEXTS)
def test_every_path_that_is_named_exists(name: str) -> None:
    places = (ROOT, ROOT / "tests")
    gone = [
        path
        for path in paths_in(TEXTS[name])
        if not path.startswith(MADE_BY_READERS)
        and not any((place / path).exists() for place in places)
        and path not in FILES
    ]
    assert gone == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_leads_somewhere(name: str) -> None:
    page = next(page for page in PAGES if page.name == name)
    links = re.findall(r"\]\(([^)#\s]+)", TEXTS[name])
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def commands_in(text: str) -> Iterator[list[str]]:
    """Each ``baocao …`` of the page's code, as words; comments, pipes and prompts are left out."""
    for block, span in CODE.findall(text):
        for line in (block or span).splitlines():
            yield from (found.replace('"', " ").split() for found in COMMAND.findall(line))


def unknown_words(words: list[str]) -> list[str]:
    """The commands and options among the words that the program does not have."""
    command: Any = app
    while hasattr(command, "commands") and words and not words[0].startswith("-"):
        name, *words = words
        if name in command.commands:
            command = command.commands[name]
            command = command.loaded() if isinstance(command, LazyCommand) else command
        elif re.fullmatch(r"[a-z-]+(\|[a-z-]+)*", name):
            return [name]
        else:
            return []
    known = {option for parameter in command.params for option in parameter.opts} | {"--help", "--debug"}
    return [word for word in words if re.fullmatch(r"--[a-z-]+", word) and word not in known]


@pytest.mark.parametrize("name", [name for name in TEXTS if name != "CHANGELOG.md"])
def test_every_command_and_option_that_is_named_exists(name: str) -> None:
    found = {" ".join(words): unknown_words(words) for words in commands_in(TEXTS[name])}
    assert {command: words for command, words in found.items() if words} == {}
