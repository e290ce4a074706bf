"""Reading a plan from its folder, with errors that name file, line and field."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from baocao.domain.planned.form import Form
from baocao.domain.planned.plan import Place, PlacedError, Plan
from baocao.plan.validation_text import fault_text
from baocao.system.errors import PlanError, reason_of

PARTS = ("plan.yaml", "indicators.yaml", "tasks.yaml", "recipients.yaml")

EARLIER = "cu"
"""The folder, beside the forms, of their versions before."""

ORIGINAL = "-goc.docx"
"""How the name of a Word document ends from which a form was drawn, behind that of its template."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader in C where the library has it: plans of thousands of units load in a second or two."""


def load_plan(folder: Path) -> Plan:
    """The plan in this folder: plan, indicators, tasks and recipients, each a YAML file, and ``forms/*.yaml``.

    Raises:
        PlanError: a file is missing, is no YAML, or breaks a rule; every fault is named with file, line and field.
    """
    source = _Source()
    data: dict[str, Any] = {}
    for part in PARTS:
        source.add(data, folder / part)
    paths = sorted((folder / "forms").glob("*.yaml"))
    if not paths:
        raise PlanError(f"{folder / 'forms'}: không có biểu mẫu nào (*.yaml)")
    data["forms"] = {path.stem: _with_earlier(load_form(path), folder / "forms" / EARLIER) for path in paths}
    if data.get("indicators") == []:  # a period may ask none, a plan not
        raise PlanError(f"{folder / 'indicators.yaml'}:1: indicators: phải có ít nhất một chỉ tiêu")
    try:
        return Plan.model_validate(data)
    except ValidationError as error:
        raise PlanError(source.explain(error, folder / "plan.yaml")) from None


def read_part(path: Path) -> str:
    """The text of one of a plan's files.

    Raises:
        PlanError: it is missing, is not ours to read, or is no UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PlanError(f"{path}: không có tệp này trong kế hoạch") from None
    except OSError as error:
        why = f"{reason_of(error)}; hãy cho người dùng chạy lệnh này quyền đọc"
        raise PlanError(f"{path}: không đọc được tệp: {why}") from None
    except UnicodeDecodeError:
        raise PlanError(f"{path}: tệp không ở bảng mã UTF-8; hãy lưu lại dưới dạng UTF-8") from None


def load_form(path: Path) -> Form:
    """One form from its YAML.

    Raises:
        PlanError: see :func:`load_plan`; or the official file that it names is not beside it.
    """
    source = _Source()
    data: dict[str, Any] = {}
    source.add(data, path)
    try:
        form = Form.model_validate(data)
    except ValidationError as error:
        raise PlanError(source.explain(error, path)) from None
    if not form.template:
        return form
    template = _template(path, form.template)
    original = template.with_name(f"{template.stem}{ORIGINAL}")
    return form.model_copy(update={"template": str(template), "original": str(original) if original.is_file() else ""})


def _with_earlier(form: Form, folder: Path) -> Form:
    """The form with its versions before, the newest first."""
    before = [one for one in map(load_form, sorted(folder.glob("*.yaml"))) if one.key == form.key]
    ordered = sorted(before, key=lambda one: -one.version)
    return form.model_copy(update={"earlier": tuple(ordered)}) if ordered else form


def _template(path: Path, name: str) -> Path:
    """The official file of an adopted form, which lies beside its YAML."""
    if Path(name).name != name or not (path.parent / name).is_file():
        raise PlanError(f"{path}: template: không có tệp “{name}” bên cạnh tệp này")
    return (path.parent / name).resolve()


class _Source:
    """Where each field was written, so that an error can say so."""

    def __init__(self) -> None:
        self._lines: dict[Place, tuple[Path, int]] = {}

    def add(self, data: dict[str, Any], path: Path) -> None:
        """Read a file into the data; what it says must not be said before."""
        node, found = self._read(path)
        self._note(path, node, ())
        data.update(found)

    def _read(self, path: Path) -> tuple[Any, dict[str, Any]]:
        text = read_part(path)
        try:
            node = yaml.compose(text, Loader=_LOADER)
            data = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            raise PlanError(f"{path}:{line}: sai cú pháp YAML: {getattr(error, 'problem', error)}") from None
        if not isinstance(data, dict):
            raise PlanError(f"{path}:1: tệp phải là một bảng “khóa: giá trị”")
        return node, data

    def _note(self, path: Path, node: Any, at: Place) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                self._note_key(path, (*at, key.value), key.start_mark.line + 1)
                self._note(path, value, (*at, key.value))
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self._lines[(*at, index)] = (path, value.start_mark.line + 1)
                self._note(path, value, (*at, index))

    def _note_key(self, path: Path, at: Place, line: int) -> None:
        if at in self._lines:
            first, where = self._lines[at]
            raise PlanError(f"{path}:{line}: khóa “{at[-1]}” xuất hiện hai lần, lần đầu ở {first.name}:{where}")
        self._lines[at] = (path, line)

    def explain(self, error: ValidationError, default: Path) -> str:
        return "\n".join(self._explain_one(fault, default) for fault in error.errors())

    def _explain_one(self, fault: Any, default: Path) -> str:
        error = fault.get("ctx", {}).get("error")
        location: Place = (*fault["loc"], *error.place) if isinstance(error, PlacedError) else tuple(fault["loc"])
        known = location
        while known and known not in self._lines:
            known = known[:-1]
        path, line = self._lines[known] if known else (default, 1)
        field = ".".join(str(part) for part in location) or "(toàn kế hoạch)"
        value = fault["input"]
        is_shown = isinstance(value, str | int | float) and fault["type"] != "missing"
        return f"{path}:{line}: {field}: {fault_text(fault)}{f' (đang ghi “{value}”)' if is_shown else ''}"
