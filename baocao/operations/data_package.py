"""``datapackage.json`` beside exported files: what each column is, as Frictionless Data Packages say it (version 1)."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from baocao.domain.planned.period import Period
from baocao.operations.export import COLUMNS
from baocao.system.files import write_atomically

DESCRIPTOR = "datapackage.json"
_MEDIA = {"csv": "text/csv", "json": "application/json", "parquet": "application/vnd.apache.parquet"}
_NAME = "bao-cao"
_TYPES = {
    **dict.fromkeys(("numerator", "denominator", "cumulative_numerator", "cumulative_denominator"), "number"),
    **dict.fromkeys(("ratio_pct", "cumulative_ratio_pct", "value_pct", "target_pct", "progress_pct"), "number"),
    **dict.fromkeys(("units_reported", "units_reached", "units_not_applicable"), "integer"),
    **dict.fromkeys(("submission_version", "period_yyyymm"), "integer"),
    **dict.fromkeys(("due_date", "done_date"), "date"),
    "reached": "boolean",
}
_TITLES = {
    "period": "Kỳ báo cáo",
    "period_yyyymm": "Kỳ báo cáo, dạng YYYYMM",
    "unit": "Mã đơn vị",
    "agency_code": "Mã định danh cơ quan; không có thì là mã đơn vị",
    "code": "Mã chỉ tiêu, thành phần hoặc nhiệm vụ",
    "name": "Tên chỉ tiêu",
    "kind": "stock: đến ngày chốt; flow: trong kỳ",
    "formula": "Công thức tính, phần trăm",
    "numerator_name": "Tử số là gì",
    "denominator_name": "Mẫu số là gì",
    "numerator": "Tử số; trống là không có trong tổng nào",
    "denominator": "Mẫu số; 0 là không phát sinh",
    "ratio_pct": "Tỷ lệ phần trăm, không làm tròn",
    "value_pct": "Giá trị, phần trăm, không làm tròn",
    "target_pct": "Mục tiêu, phần trăm",
    "reached": "Đạt mục tiêu; trống là không phát sinh hoặc chưa có số",
    "submission_version": "Lần nộp được tính",
    "units_reported": "Số đơn vị có số liệu",
    "units_reached": "Số đơn vị đạt",
    "units_not_applicable": "Số đơn vị không phát sinh",
    "cumulative_numerator": "Tử số lũy kế",
    "cumulative_denominator": "Mẫu số lũy kế",
    "cumulative_ratio_pct": "Tỷ lệ lũy kế, phần trăm",
    "due_date": "Hạn hoàn thành",
    "done_date": "Ngày hoàn thành",
    "status": "Trạng thái",
    "progress_pct": "Tiến độ, phần trăm",
    "rule": "Quy tắc",
    "severity": "Mức: critical, warning, info",
    "verdict": "Kết quả: accepted, rejected, unreadable",
    "also": "Các ô khác cùng nguyên nhân",
}


def describe(path: Path, what: str, file_format: str, period: Period, *, is_for_excel: bool) -> bool:
    """Add an exported file to the description beside it, or renew its entry. Idempotent.

    Returns False where the folder's ``datapackage.json`` is not ours: it is left alone.
    """
    place = path.parent / DESCRIPTOR
    package = _ours(place)
    if package is None:
        return False
    resources = {one["path"]: one for one in package["resources"]}
    resources[path.name] = _resource(path, what, file_format, period, is_for_excel=is_for_excel)
    package["resources"] = [resources[name] for name in sorted(resources)]
    write_atomically(place, f"{json.dumps(package, ensure_ascii=False, indent=1)}\n".encode())
    return True


def _ours(place: Path) -> dict[str, Any] | None:
    if not place.exists():
        return {"profile": "data-package", "name": _NAME, "title": "Số liệu báo cáo tháng", "resources": []}
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
    except ValueError:
        return None
    return found if isinstance(found, dict) and found.get("name") == _NAME and "resources" in found else None


def _resource(path: Path, what: str, file_format: str, period: Period, *, is_for_excel: bool) -> dict[str, Any]:
    data = path.read_bytes()
    described: dict[str, Any] = {
        "profile": "tabular-data-resource",
        "name": re.sub(r"[^a-z0-9._-]+", "-", f"{path.stem}-{path.suffix.lstrip('.')}".lower()).strip("-"),
        "path": path.name,
        "title": f"{what}, kỳ {period.short}",
        "format": file_format,
        "mediatype": _MEDIA[file_format],
        "encoding": "utf-8",
        "schema": {"fields": [_field(name, is_for_excel) for name in COLUMNS[what]], "missingValues": [""]},
    }
    if file_format == "csv":
        described["dialect"] = {"delimiter": ";" if is_for_excel else ",", "header": True}
    if file_format != "json":
        return described | {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
    if data.strip() == b"[]":  # a list without rows has no columns to describe, says the frictionless command
        return {name: described[name] for name in described if name != "schema"} | {"profile": "data-resource"}
    return described | {"dialect": {"json": {"keyed": True}}}


def _field(name: str, is_for_excel: bool) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "type": _TYPES.get(name, "string")}
    if field["type"] == "number" and is_for_excel:
        field["decimalChar"] = ","
    return field | ({"title": _TITLES[name]} if name in _TITLES else {})
