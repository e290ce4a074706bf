"""An adopted form on disk: its YAML with the official file beside it; the version before is kept for late copies."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from baocao.domain.planned.form import Form, Sheet
from baocao.plan.loading import EARLIER, load_form
from baocao.system.errors import PlanError, UsageError
from baocao.system.files import write_atomically
from baocao.workbook.adopting.adopt import Proposal
from baocao.workbook.formats.grid import letter

_WIDE = 1_000_000
_HEAD = """\
# Biểu mẫu chính thức, lấy nguyên từ tệp “{source}” (để bên cạnh: {template}); đơn vị nhận bản sao của tệp này.
# at: cột (hoặc ô) trong tệp; lines: dòng nào là của mã nào. Sửa ở đây nếu hệ thống đoán sai; chỗ đoán có ghi “đoán”.
"""


def next_version(base: Form, source: Path) -> int:
    """The version of a form that takes the place of another; the same file again is no new version."""
    if not base.is_adopted:
        return base.version + 1
    own = Path(base.template)
    known = [one for one in (own, original_of(own, source)) if one.is_file()]
    is_same = any(one.read_bytes() == source.read_bytes() for one in known)
    return base.version if is_same else base.version + 1


def original_of(template: Path, source: Path) -> Path:
    """Where the original of a form lies that had to be drawn anew (a Word document), beside its template."""
    return template.with_name(f"{template.stem}-goc{source.suffix.lower()}")


def write_adopted(proposal: Proposal, source: Path, folder: Path, drawn: bytes | None = None) -> Path:
    """Write the form into a folder of forms; the one that stood there is kept among the earlier ones. Idempotent.

    ``drawn``: the workbook that stands for a Word document, which is kept beside it.

    Raises:
        UsageError: the folder cannot be made, or what stands there is no form.
    """
    form = proposal.form
    path = folder / f"{form.key}.yaml"
    template = f"{form.key}.xlsx"
    data = source.read_bytes()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists():
            _keep_earlier(path, form, folder / EARLIER)
    except (PlanError, OSError) as error:
        raise UsageError(f"Không ghi được biểu mẫu vào {folder}: {error}") from None
    write_atomically(folder / template, drawn or data)
    if drawn is not None:
        write_atomically(original_of(folder / template, source), data)
    write_atomically(path, form_text(proposal, template, source.name).encode())
    return path


def _keep_earlier(path: Path, form: Form, folder: Path) -> None:
    before = load_form(path)
    if before.version == form.version:
        return
    folder.mkdir(exist_ok=True)
    name = f"{before.key}-{before.version}"
    text = path.read_text(encoding="utf-8")
    if before.is_adopted:
        own = Path(before.template)
        kept = f"{name}{own.suffix}"
        shutil.copyfile(own, folder / kept)
        text = text.replace(f"template: {own.name}", f"template: {kept}", 1)
    write_atomically(folder / f"{name}.yaml", text.encode())


def form_text(proposal: Proposal, template: str, source: str) -> str:
    """The form's YAML, one line for each column and row; what was guessed says so behind it."""
    form = proposal.form
    fields = form.model_dump(
        mode="json", exclude_defaults=True, exclude={"info", "sheets", "guide", "template", "earlier"}
    )
    guessed = _guesses(proposal)
    head = _HEAD.format(source=" ".join(source.split()), template=template)
    parts = [head, _block({**fields, "template": template}), "info:\n", *_sheet_lines(form.info, "  ", {})]
    parts.append("sheets:\n")
    for sheet in form.sheets:
        lines = list(_sheet_lines(sheet, "    ", guessed))
        parts += [f"  - {lines[0].lstrip()}", *lines[1:]]
    return "".join(parts)


def _guesses(proposal: Proposal) -> dict[tuple[str, str], str]:
    """What is said behind a column or a row, by its sheet and cell."""
    return {
        (one.sheet, cell): f"  # đoán ({one.score:g} điểm): {one.why}"
        for one in proposal.unsure
        for cell in one.cell.split(", ")
    }


def _sheet_lines(sheet: Sheet, indent: str, guessed: Mapping[tuple[str, str], str]) -> Iterator[str]:
    fields = sheet.model_dump(mode="json", exclude_defaults=True, exclude={"columns", "lines"})
    yield from (f"{indent}{line}\n" for line in _block(fields).splitlines())
    yield f"{indent}columns:\n"
    bottom = sheet.header[1] if sheet.header else 0
    for column in sheet.columns:
        told = guessed.get((sheet.name, f"{column.at}{bottom}"), "")
        yield f"{indent}  - {_flow(column.model_dump(mode='json', exclude_defaults=True))}{told}\n"
    if sheet.lines:
        yield f"{indent}lines:\n"
    for line in sheet.lines:
        cells = [f"{letter(at)}{line.row}" for at in range(_COLUMNS)]
        told = next((guessed[sheet.name, cell] for cell in cells if (sheet.name, cell) in guessed), "")
        yield f"{indent}  - {_flow(line.model_dump(mode='json', exclude_defaults=True))}{told}\n"


_COLUMNS = 26


def _block(fields: Mapping[str, Any]) -> str:
    return "".join(f"{key}: {_flow(value)}\n" for key, value in fields.items())


def _flow(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=_WIDE, sort_keys=False).strip()
    return text.removesuffix("\n...").strip()


def told(proposal: Proposal) -> Sequence[str]:
    """The proposal in words: what is sure, guessed, not found."""
    sure = sum(len(table.columns) + sum(given is not None for _, given in table.rows) for table in proposal.tables)
    lines = [f"Chắc chắn: {len(proposal.tables)} bảng, {sure} cột và dòng."]
    lines.append(f"Đoán, xin kiểm tra: {len(proposal.unsure)}." if proposal.unsure else "Không phải đoán chỗ nào.")
    lines += [
        f"  - {one.sheet}, ô {one.cell}: “{one.text}” → {one.meant} ({one.score:g} điểm; {one.why})"
        for one in proposal.unsure
    ]
    if proposal.missing:
        lines.append("Không có trong biểu mẫu này (quy tắc nào cần đến thì không áp dụng):")
        lines += [f"  - {one.sheet}: {one.header} ({one.key})" for one in proposal.missing]
    return lines
