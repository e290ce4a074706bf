"""A plan of many units and their filled workbooks, made quickly: a few forms are filled, each unit gets a copy."""

import random
import shutil
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.plan.loading import load_plan
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.occasion import NOTHING_KNOWN
from baocao.workbook.filling import Filled, fill_form
from baocao.workspace.settings import PROJECT
from deployments.sample.office import Office
from deployments.sample.writing.contents import month_content

MISSING, BROKEN, LATE, REJECTED = 0.02, 0.01, 0.03, 0.05
VARIANTS = 24


@dataclass
class Made:
    """What was made: where the files lie, and what their accepted figures must add up to."""

    on_time: list[Path] = field(default_factory=list)
    late: list[Path] = field(default_factory=list)
    sums: dict[str, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0.0, 0.0]))
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def make_plan(folder: Path, units: int) -> Plan:
    """A copy of the shipped plan with so many units, under sample addresses."""
    shutil.copytree(PROJECT / "plans" / "ninh-binh-2022", folder)
    path = folder / "plan.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    data |= {"code": f"quoc-gia-{units}", "is_sample": True, "coordinator": code(0)}
    data["units"] = [
        {"code": code(number), "name": f"Đơn vị số {number}", "email": f"dv{number}@mau.example"}
        for number in range(units)
    ]
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    recipients = folder / "recipients.yaml"
    text = recipients.read_text(encoding="utf-8")
    recipients.write_text(text.replace("is_report_copied_to_units: true", "is_report_copied_to_units: false"))
    return load_plan(folder)


def code(number: int) -> str:
    """The unit's code: of one length, so that a copy of a form differs in it alone."""
    return f"DV{number:06d}"


def make_files(plan: Plan, period: Period, inbox: Path, later: Path, seed: int = 1) -> Made:
    """Lay a workbook for nearly every unit into the inbox, late ones into another folder; some faulty, some broken."""
    chance = random.Random(seed)  # noqa: S311 - sample data
    good, faulty = variants(plan, period)
    made = Made()
    for number, unit in enumerate(plan.units):
        draw = chance.random()
        if draw < MISSING:
            made.counts["missing"] += 1
            continue
        is_late = MISSING + BROKEN <= draw < MISSING + BROKEN + LATE
        path = (later if is_late else inbox) / unit.code / f"bao-cao-{unit.code}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        (made.late if is_late else made.on_time).append(path)
        if draw < MISSING + BROKEN:
            path.write_bytes(chance.randbytes(4000))
            made.counts["broken"] += 1
        elif draw >= 1 - REJECTED:
            path.write_bytes(faulty.for_unit(unit.code))
            made.counts["rejected"] += 1
        else:
            variant = good[number % len(good)]
            path.write_bytes(variant.for_unit(unit.code))
            variant.add_to(made.sums)
            made.counts["accepted"] += 1
    return made


class Variant:
    """A filled form, ready to be copied for any unit."""

    def __init__(self, path: Path, filled: Filled, placeholder: str) -> None:
        with zipfile.ZipFile(path) as archive:
            self._parts = {name: archive.read(name) for name in archive.namelist()}
        self._filled = filled
        self._placeholder = placeholder.encode()

    def for_unit(self, unit: str) -> bytes:
        """The workbook's bytes with the unit's code in the place of the placeholder."""
        target = BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, part in self._parts.items():
                archive.writestr(name, part.replace(self._placeholder, unit.encode()))
        return target.getvalue()

    def add_to(self, sums: dict[str, list[float]]) -> None:
        """Add this form's figures to the sums that the consolidation must equal."""
        for figure, row in self._filled.tables["figures"].items():
            numerator, denominator = row.get("numerator"), row.get("denominator")
            if isinstance(numerator, int | float) and isinstance(denominator, int | float):
                sums[figure][0] += numerator
                sums[figure][1] += denominator


def variants(plan: Plan, period: Period) -> tuple[list[Variant], Variant]:
    """Filled forms without a fault, and one with a fault, to be copied for any unit."""
    unit, form = plan.units[0], plan.form_of(period)
    cutoff = plan.cycle(period).submit.date_in(period).replace(day=15)
    contents = [month_content(Office(plan, unit, seed), period, cutoff) for seed in range(VARIANTS)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        made = []
        for filled in [*contents, _with_fault(contents[0])]:
            write_blank(plan, form, unit, period, NOTHING_KNOWN, path)
            fill_form(path, path, form, filled, ratios_as_values=True)
            made.append(Variant(path, filled, unit.code))
    return made[:-1], made[-1]


def _with_fault(filled: Filled) -> Filled:
    rows: dict[str, Any] = {figure: dict(row) for figure, row in filled.tables["figures"].items()}
    first = next(row for row in rows.values() if row.get("denominator"))
    first["numerator"] = first["denominator"] + 7
    return Filled(filled.info, {**filled.tables, "figures": rows}, filled.free)
