"""Dữ liệu cho các mẫu: a Report as plain text under the names that the Word and PDF templates use.

Names are Vietnamese without accents, because officials meet them in the Word template (templates/README.md lists
them). Every value is text, a truth value or a list of them; nothing is computed in a template.
"""

from typing import Any

from baocao.domain.characters import xml_text
from baocao.domain.reported.document import Document
from baocao.domain.reported.report import Report
from baocao.domain.wording import date_text, long_date_text
from baocao.narrative.monthly import issuer_name, narrate
from baocao.narrative.phrases import unit_names
from baocao.render.tables import (
    difficulty_table,
    figure_table,
    finding_table,
    forecast_table,
    restatement_table,
    standing_table,
    task_table,
    unit_table,
)
from baocao.system.cover import printable
from baocao.system.once import once_for_each

Context = dict[str, Any]


@once_for_each
def template_context(report: Report) -> Context:
    """Everything that a template of the whole report may show, but for the charts; to be read only."""
    context: Context = clean({**letterhead(report), **_body(report), **_annexes(report)})
    return context


def clean(value: Any) -> Any:
    """Without what XML refuses and the Word template would take for page breaks; «�» for what no font can print."""
    if isinstance(value, str):
        return printable(xml_text(value))
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    return [clean(item) for item in value] if isinstance(value, list) else value


def letterhead(report: Document) -> Context:
    """What the head and the foot of every kind of report show."""
    issuer = report.issuer
    return {
        "co_quan_chu_quan": issuer.parent,
        "co_quan": issuer.name,
        "ky_hieu": f"/BC-{issuer.abbreviation}",
        "dia_danh_ngay": f"{issuer.place}, {long_date_text(report.made_at.date())}",
        "kinh_gui": list(issuer.addressees),
        "noi_nhan": list(issuer.copies),
        "luu": issuer.document_office,
        "chuc_vu_ky": issuer.signer_title,
        "nguoi_ky": issuer.signer_name,
        "la_du_thao": report.is_draft,
        "la_mo_phong": report.is_sample,
        "la_dinh_chinh": report.is_restatement,
        "lan_dinh_chinh": str(report.version - 1),
    }


def _body(report: Report) -> Context:
    narrative = narrate(report)
    asked = unit_names(report.issuer.addressees)
    label = report.period.label
    return {
        "trich_yeu": narrative.subject.replace(label, label.replace(" ", "\u00a0")),
        "tom_tat": narrative.headline,
        "mo_dau": narrative.opening,
        "dinh_chinh": list(narrative.restated),
        "ket_qua_chi_tieu": list(narrative.results),
        "ket_qua_nhiem_vu": list(narrative.tasks),
        "ton_tai": list(narrative.shortcomings),
        "thang_toi": list(narrative.next_month),
        "kien_nghi": list(narrative.proposals),
        "ket_thuc": f"{report.approval_line} {issuer_name(report)} kính báo cáo {asked} xem xét, chỉ đạo./.".lstrip(),
        "ky_bao_cao": label,
        "co_quan_ten": issuer_name(report),
        "ngay_ket_thuc": date_text(report.pilot.end),
    }


def _annexes(report: Report) -> Context:
    tables = {
        "chi_tieu": figure_table(report),
        "du_bao": forecast_table(report),
        "theo_don_vi": unit_table(report),
        "nhiem_vu": task_table(report),
        "kho_khan": difficulty_table(report),
        "tinh_hinh_nop": standing_table(report),
        "kiem_tra": finding_table(report),
        "bang_dinh_chinh": restatement_table(report),
    }
    rows = {name: table.rows for name, table in tables.items()}
    return rows | {f"{name}_con_lai": table.more for name, table in tables.items()}
