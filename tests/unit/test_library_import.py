"""The library imported quickly is the library: what it has of models and metrics is what it has when imported as is."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic.v1 import BaseModel, Field, validator
from support import ROOT

import expectations.rule
from baocao.system.postponed import is_promised
from expectations.engine.library import imported_quickly, stock

TOLD = """
import re
from pydantic.v1 import BaseModel
from pydantic.v1.fields import FieldInfo, ModelField

def told(part):
    if isinstance(part, (ModelField, FieldInfo)):
        return [type(part).__name__, *((name, told(getattr(part, name))) for name in part.__slots__)]
    if isinstance(part, dict):
        return {str(key): told(value) for key, value in part.items()}
    if isinstance(part, (list, tuple)):
        return [told(value) for value in part]
    return re.sub(r" at 0x[0-9a-f]+|cell[^>]*>", "", repr(part))

def models(kind):
    for one in kind.__subclasses__():
        yield one
        yield from models(one)

def metrics():
    from great_expectations.expectations.registry import _registered_metrics as known
    for name, one in known.items():
        for_frames = one["providers"].get("PandasExecutionEngine", ())
        yield f"metric {name}", [one["metric_domain_keys"], one["metric_value_keys"], told(for_frames)]

found = {f"{one.__module__}.{one.__qualname__}": told(one.__fields__) for one in models(BaseModel)}
found |= dict(metrics())
for name in sorted(found):
    print(name, found[name])
"""
A_RULE_THAT_WE_DO_NOT_HAVE = """
import pandas
from baocao.domain.received.finding import Rule, Severity
from expectations.engine.run import failing_lines
from expectations.rule import Check
rule = Rule("like_this", Severity.CRITICAL, "", "", "")
check = Check(rule, "text", "ExpectColumnValuesToMatchRegex", {"column": "text", "regex": "^a"}, str)
frame = pandas.DataFrame({"line": [7, 8, 9], "text": ["ab", "ba", "aa"]})
print([lines for _, _, lines in failing_lines({"sheet": frame}, {"sheet": [check]})])
"""
A_SOURCE_THAT_WE_DO_NOT_USE = """
import pathlib
from expectations.engine.library import library
from great_expectations.datasource.fluent import PandasFilesystemDatasource as source, SQLDatasource as sql
made = source(name="files", base_directory=pathlib.Path("."))
print(isinstance(made, source), isinstance(made, sql), type(made).__name__, made.base_directory)
"""


def printed(code: str) -> str:
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


@pytest.mark.slow
def test_every_model_and_metric_is_what_it_is_without() -> None:
    asked = [f"import {name}\n{TOLD}" for name in ("great_expectations", "expectations.engine.library")]
    with ThreadPoolExecutor() as pool:
        asis, quickly = (told.splitlines() for told in pool.map(printed, asked))
    assert len(asis) > 300
    assert 150 < len(quickly) < 0.7 * len(asis)
    assert set(quickly) - set(asis) == set()


@pytest.mark.slow
def test_what_was_kept_out_is_there_for_whoever_needs_it() -> None:
    *_, rule, source = printed(A_RULE_THAT_WE_DO_NOT_HAVE + A_SOURCE_THAT_WE_DO_NOT_USE).splitlines()
    assert rule == "[[8]]"
    assert source == "True False PandasFilesystemDatasource ."


def test_the_rules_use_nothing_that_was_kept_out() -> None:
    names = [name for name in vars(expectations.rule).values() if isinstance(name, str) and name.startswith("Expect")]
    assert len(names) == 8
    assert [name for name in names if is_promised(getattr(stock, name, None))] == []


def test_what_a_model_changes_in_its_fields_stays_its_own() -> None:
    class Before(BaseModel):
        amount: list[int] = Field(default=[1], description="before")

    with imported_quickly():

        class After(Before):
            class Config:
                fields = {"amount": {"alias": "sum", "description": "after"}}  # noqa: RUF012

            @validator("amount")
            def _twice(cls, value: list[int]) -> list[int]:  # noqa: N805 - pydantic's first version has it so
                return 2 * value

    assert After(sum=[3]).amount == [3, 3]
    assert Before(amount=[3]).amount == [3]
    assert (Before.__fields__["amount"].alias, After.__fields__["amount"].alias) == ("amount", "sum")
    assert Before.__fields__["amount"].field_info.alias is None
