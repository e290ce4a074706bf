"""The same workbooks checked by others and by us, each in a process of its own: seconds, memory, faults found.

Run: ``python benchmarks/peers.py [--files 300]``; ``--only NAME …`` measures some. Frictionless and pandera are no part
of our dependencies (``pip install frictionless pandera``); one that is not installed is told so. Prints one JSON
document; progress goes to standard error.

Half of the workbooks are clean, the others have one of five faults each. Every peer has the same five rules on the one
sheet of indicators. What we do besides is in our figures: the other sheets, the other rules, the guard, and reading in
a process that can be killed. The seconds are those of the work, after the imports (``import_s``).
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

from psutil import Process

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.peers_files import (  # noqa: E402
    DENOMINATOR,
    FAULTS,
    FIELDS,
    HEADER_ROW,
    NUMERATOR,
    RATIO_TOLERANCE,
    SHEET,
    Place,
    frame_of,
    make_files,
    typed_codes,
)

Found = set[Place]
Check = Callable[[Sequence[Path], Sequence[str]], Found]
"""Gives where a fault is, of these files, in rows of these codes."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--only", nargs="*", choices=PEERS, default=list(PEERS))
    parser.add_argument("--run", nargs=2, metavar=("NAME", "FOLDER"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        print(json.dumps(_measured(asked.run[0], Path(asked.run[1]))))
        return
    with tempfile.TemporaryDirectory(prefix="peers-") as name:
        folder = Path(name)
        say(f"making {asked.files} workbooks")
        planted = make_files(folder, asked.files)
        document = {"files": asked.files, "planted": Counter(planted.values())}
        print(json.dumps({**document, "peers": {one: _peer(one, folder, planted) for one in asked.only}}, indent=1))


def _peer(name: str, folder: Path, planted: Mapping[Place, str]) -> dict[str, Any]:
    say(name)
    command = [sys.executable, str(Path(__file__)), "--run", name, str(folder)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout
    document: dict[str, Any] = json.loads(told.splitlines()[-1])
    if "found" not in document:
        return document
    found = {(file, row) for file, row in document.pop("found")}
    by_fault = Counter(planted[place] for place in found & planted.keys())
    return {
        **document,
        "found": len(found & planted.keys()),
        "not_planted": len(found - planted.keys()),
        "missed": [fault for fault in FAULTS if by_fault[fault] < Counter(planted.values())[fault]],
    }


def _measured(name: str, folder: Path) -> dict[str, Any]:
    """What one peer needs and finds; for a process of its own."""
    started = perf_counter()
    try:
        check = PEERS[name](folder)
    except ImportError as error:
        return {"not_installed": error.name}
    imported = perf_counter()
    paths = sorted((folder / "files").glob("*.xlsx"))
    found = check(paths, typed_codes(folder))
    done = perf_counter()
    return {
        "import_s": round(imported - started, 2),
        "seconds": round(done - imported, 2),
        "ms_a_file": round((done - imported) / len(paths) * 1000, 1),
        "peak_mib": _peak_mib(Process()),
        "found": sorted(found),
    }


def _peak_mib(process: Process) -> int:
    """The most memory that a process and what it started took, each at its own time; not that of whoever started it."""
    family = [process, *process.children(recursive=True)]
    lines = (line for one in family for line in Path(f"/proc/{one.pid}/status").read_text().splitlines())
    return round(sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024)


def by_frictionless(_: Path) -> Check:
    """Frictionless: a schema for the columns, a check of its own for the row; it reads with openpyxl."""
    library, formats = import_module("frictionless"), import_module("frictionless.formats")
    number = {"type": "number", "floatNumber": True}
    numbers = {"target", "numerator", "denominator", "ratio", "previous"}
    fields = [{"name": name, **(number if name in numbers else {"type": "any"})} for name in FIELDS]
    dialect = library.Dialect(header_rows=[HEADER_ROW], controls=[formats.ExcelControl(sheet=SHEET)])

    def check(paths: Sequence[Path], codes: Sequence[str]) -> Found:
        def faults(row: Mapping[str, Any]) -> bool:
            if row["code"] not in codes:
                return False
            counts = row["numerator"], row["denominator"]
            if None in counts or not 0 <= counts[0] <= counts[1]:
                return True
            return bool(counts[1] and abs(counts[0] / counts[1] * 100 - (row["ratio"] or 0)) > RATIO_TOLERANCE)

        class RowCheck(library.Check):  # type: ignore[misc, name-defined]
            Errors = [library.errors.RowConstraintError]  # noqa: RUF012 - as the library has it

            def validate_row(self, row: Any) -> Any:
                if faults(row):
                    yield library.errors.RowConstraintError.from_row(row, note="chỉ tiêu")

        checklist = library.Checklist(checks=[RowCheck()], skip_errors=["incorrect-label", "blank-row"])
        found = set()
        for path in paths:
            schema = library.Schema.from_descriptor({"fields": fields})
            resource = library.Resource(path=path.name, basepath=str(path.parent), dialect=dialect, schema=schema)
            for error in resource.validate(checklist).flatten(["rowNumber"]):
                found.add((path.name, int(error[0] or 0)))
        return found

    return check


def by_pandera(_: Path) -> Check:
    """pandera on a pandas frame of each file; all failures of a frame at once."""
    library = import_module("pandera.pandas")
    count = library.Column(float, library.Check.ge(0), coerce=True)
    rules = [
        library.Check(lambda frame: frame[NUMERATOR] <= frame[DENOMINATOR]),
        library.Check(lambda frame: frame["off"].abs().fillna(0) <= RATIO_TOLERANCE),
    ]
    schema = library.DataFrameSchema({NUMERATOR: count, DENOMINATOR: count}, checks=rules)

    def check(paths: Sequence[Path], codes: Sequence[str]) -> Found:
        found = set()
        for path in paths:
            try:
                schema.validate(frame_of(path, codes), lazy=True)
            except library.errors.SchemaErrors as error:
                found |= {(path.name, int(row)) for row in error.failure_cases["index"].dropna()}
        return found

    return check


def by_great_expectations(_: Path) -> Check:
    """One Great Expectations run a file: what the obvious build would do."""
    library = import_module("great_expectations")
    expect = import_module("great_expectations.expectations")
    rules = [
        *(expect.ExpectColumnValuesToNotBeNull(column=name) for name in (NUMERATOR, DENOMINATOR)),
        *(expect.ExpectColumnValuesToBeBetween(column=name, min_value=0) for name in (NUMERATOR, DENOMINATOR)),
        expect.ExpectColumnPairValuesAToBeGreaterThanB(column_A=DENOMINATOR, column_B=NUMERATOR, or_equal=True),
        expect.ExpectColumnValuesToBeBetween(column="off", min_value=-RATIO_TOLERANCE, max_value=RATIO_TOLERANCE),
    ]
    context = library.get_context(mode="ephemeral")
    context.variables.progress_bars = import_module("great_expectations.data_context.types.base").ProgressBarsConfig(
        globally=False
    )
    asset = context.data_sources.add_pandas("tep").add_dataframe_asset("trang")
    batches = asset.add_batch_definition_whole_dataframe("ca")
    suite = library.ExpectationSuite(name="luat", expectations=rules)

    def check(paths: Sequence[Path], codes: Sequence[str]) -> Found:
        found = set()
        for path in paths:
            frame = frame_of(path, codes)
            result = batches.get_batch({"dataframe": frame}).validate(
                suite, result_format={"result_format": "COMPLETE"}
            )
            for one in result.results:
                found |= {(path.name, int(row)) for row in one.result.get("unexpected_index_list") or ()}
        return found

    return check


def by_hand(_: Path) -> Check:
    """The five rules as masks on a pandas frame of each file."""

    def check(paths: Sequence[Path], codes: Sequence[str]) -> Found:
        found = set()
        for path in paths:
            frame = frame_of(path, codes)
            faults = frame[[NUMERATOR, DENOMINATOR]].isna().any(axis=1)
            faults |= (frame[NUMERATOR] < 0) | (frame[DENOMINATOR] < 0) | (frame[NUMERATOR] > frame[DENOMINATOR])
            faults |= frame["off"].abs() > RATIO_TOLERANCE
            found |= {(path.name, int(row)) for row in frame.index[faults]}
        return found

    return check


def by_us(folder: Path) -> Check:
    """baocao: every sheet, every rule, each file read in a process that can be killed; one run of the rules for all."""
    plans, pools = import_module("baocao.plan.loading"), import_module("baocao.isolation.pools")
    histories, rules = import_module("baocao.domain.reported.history"), import_module("expectations")
    import_module("expectations.judging")
    critical = import_module("baocao.domain.received.finding").Severity.CRITICAL
    plan = plans.load_plan(folder / "plan")

    def check(paths: Sequence[Path], _: Sequence[str]) -> Found:
        with pools.lent_pool(plan) as pool:  # one child; it lives until the process ends
            contents = list(pool.read_all(paths))
        checked = rules.check_batch(plan, contents, histories.History())
        return {
            (path.name, int("".join(filter(str.isdigit, one.cell or "0"))))
            for path, judged in zip(paths, checked, strict=True)
            for one in judged.findings
            if one.severity is critical
        }

    return check


PEERS: dict[str, Callable[[Path], Check]] = {
    "frictionless": by_frictionless,
    "pandera": by_pandera,
    "great_expectations": by_great_expectations,
    "pandas_by_hand": by_hand,
    "baocao": by_us,
}


def say(what: str) -> None:
    """Progress for the person who waits."""
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
