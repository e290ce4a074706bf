"""Dữ liệu cho các mẫu: a paper as plain text under the names that the Word and PDF templates use.

Names are Vietnamese without accents, because officials meet them in the Word template (templates/README.md lists
them). Every value is text, a truth value or a list of them; nothing is computed in a template.
"""

from typing import Any

from baocao.domain.characters import xml_text
from baocao.domain.reported.document import Document
from baocao.domain.wording import long_date_text
from baocao.narrative.monthly import issuer_name
from baocao.narrative.phrases import NO_BREAK, unbroken, unit_names
from baocao.render.papers.paper import Paper
from baocao.system.cover import printable

Context = dict[str, Any]


def paper_context(paper: Paper) -> Context:
    """What the templates show of a paper, but for its sections, annexes and charts."""
    report, story = paper.report, paper.story
    asked, label = unit_names(report.issuer.addressees), report.period.label
    context: Context = clean(
        {
            **_letterhead(report),
            "trich_yeu": unbroken(story.subject.replace(label, label.replace(" ", NO_BREAK))),
            "tom_tat": story.headline,
            "mo_dau": story.opening,
            "dinh_chinh": list(story.restated),
            "ket_thuc": (
                f"{report.approval_line} {issuer_name(report)} kính báo cáo {asked} xem xét, chỉ đạo./.".lstrip()
            ),
            "ky_bao_cao": label,
            "kem_theo": (
                f"(Kèm theo Báo cáo số ………/BC-{report.issuer.abbreviation} "
                f"{long_date_text(report.made_at.date())} của {issuer_name(report)})"
            ),
        }
    )
    return context


def clean(value: Any) -> Any:
    """Without what XML refuses and the Word template would take for page breaks; «�» for what no font can print."""
    if isinstance(value, str):
        return printable(xml_text(value))
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    return [clean(item) for item in value] if isinstance(value, list) else value


def _letterhead(report: Document) -> Context:
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
