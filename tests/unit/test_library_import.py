"""The library imported quickly is the library: its models have the fields that they have when it is imported as is."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic.v1 import BaseModel, Field, validator
from support import ROOT

from expectations.engine.library import imported_quickly

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

found = {f"{one.__module__}.{one.__qualname__}": told(one.__fields__) for one in models(BaseModel)}
print(len(found))
for name in sorted(found):
    print(name, found[name])
"""


def printed(code: str) -> str:
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


@pytest.mark.slow
def test_every_model_has_the_fields_that_it_has_without() -> None:
    asked = [f"import {name}\n{TOLD}" for name in ("great_expectations", "expectations.engine.library")]
    with ThreadPoolExecutor() as pool:
        asis, quickly = pool.map(printed, asked)
    assert int(asis.split()[0]) > 300
    assert quickly.splitlines() == asis.splitlines()


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
