"""``baocao form``: an official form taken as it is, and looked at with sample figures."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from baocao.isolation.process import ReaderPool
from baocao.plan.adopted_form import next_version, told, write_adopted
from baocao.plan.loading import load_plan
from baocao.system.errors import UsageError
from baocao.workbook.adopting.adopt import Proposal, propose
from baocao.workbook.adopting.drawn import sheet_of
from baocao.workbook.adopting.sight import Looking
from baocao.workbook.formats.guard import Kind
from baocao.workspace.settings import load_settings
from deployments.commands.shared.common import JsonOption, print_json
from deployments.sample.trying import SAMPLES, picture, with_forms, write_sample


def adopt(
    file: Annotated[Path, typer.Argument(help="Tệp biểu mẫu chính thức (.xlsx, .docx).")],
    key: Annotated[str, typer.Option("--as", help="Biểu mẫu của kế hoạch mà tệp này thay thế, ví dụ thang.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Thư mục ghi biểu mẫu, ví dụ KẾ-HOẠCH/forms.")],
    as_json: JsonOption = False,
) -> None:
    """Nhận một biểu mẫu chính thức nguyên như nó có: nêu rõ cái chắc chắn, cái đoán, cái không tìm thấy."""
    if not file.is_file():
        raise UsageError(f"Không có tệp {file}; hãy kiểm tra lại đường dẫn.")
    plan = load_plan(load_settings().plan_folder)
    if key not in plan.forms:
        raise UsageError(f"Kế hoạch không có biểu mẫu “{key}”; hãy chọn một trong {', '.join(plan.forms)}.")
    with ReaderPool(plan, workers=1) as pool:
        sight = pool.look_at(Looking(file))
    if sight.fault is not None:
        raise UsageError(f"{file.name}: {sight.fault.message}")
    if sight.kind is not Kind.XLSX and sight.page is None:
        raise UsageError(f"{file.name} không phải .xlsx hay .docx; hãy mở bằng Excel, lưu thành .xlsx rồi chạy lại.")
    base = plan.forms[key]
    proposal = propose(plan, base, next_version(base, file), sight.grids)
    if not proposal.tables:
        raise UsageError(
            f"Không tìm thấy bảng nào của biểu mẫu “{key}” trong {file.name}; chưa ghi gì. Hãy kiểm tra tiêu đề cột."
        )
    path = write_adopted(proposal, file, output, sheet_of(sight.page) if sight.page else None)
    if as_json:
        print_json(_document(proposal))
        return
    print("\n".join(told(proposal)))
    if sight.page is not None:
        print(
            f"{file.name} là tệp Word: đơn vị nhận bản Excel có cùng bảng, cùng lời, nộp bản Excel hoặc bản Word "
            "đều được; bản Word được giữ bên cạnh."
        )
    print(f"Đã ghi {path}; hãy xem lại các chỗ đoán rồi chạy: baocao form check {output}", file=sys.stderr)


def check(
    folder: Annotated[Path, typer.Argument(help="Thư mục có biểu mẫu đã nhận, ví dụ KẾ-HOẠCH/forms.")],
) -> None:
    """Xem biểu mẫu chính thức điền thử bằng số liệu mẫu, thành ảnh để người xem."""
    plan = with_forms(load_plan(load_settings().plan_folder), folder)
    adopted = [form for form in plan.forms.values() if form.is_adopted]
    if not adopted:
        raise UsageError(f"{folder} không có biểu mẫu chính thức nào; hãy chạy baocao form adopt trước.")
    for form in adopted:
        book = write_sample(plan, form, folder / SAMPLES)
        print(f"Biểu {form.label}, điền số liệu mô phỏng: {book}")
        pictures = picture(book)
        for path in pictures:
            print(f"  ảnh: {path}")
        if not pictures:
            print("  Máy này không có LibreOffice (soffice) nên không có ảnh; hãy mở tệp trên bằng Excel để xem.")


def _document(proposal: Proposal) -> dict[str, Any]:
    return {
        "sheets": [
            {
                "name": table.sheet,
                "columns": [
                    {"header": one.header, "key": one.key, "score": round(one.score, 1)} for one in table.columns
                ],
                "rows": [
                    {"text": said.text, "code": given and given.code, "score": given.score if given else 0.0}
                    for said, given in table.rows
                ],
            }
            for table in proposal.tables
        ],
        "unsure": [asdict(one) for one in proposal.unsure],
        "missing": [asdict(one) for one in proposal.missing],
    }
