"""Phát hành bản ký số: the signed file of a report is handed in with its number and date, and goes out."""

from pathlib import Path
from tempfile import TemporaryDirectory

from baocao.domain.received.numbering import Numbered
from baocao.domain.signature import Signature
from baocao.domain.wording import date_text
from baocao.reporting.signed.release import release as let_out
from baocao.system.errors import UsageError
from portal.desk.fields import day, period_of
from portal.room.visit import Visit


def _numbered(visit: Visit) -> Numbered:
    dated, number = day(visit, "dated"), visit.text("document")
    if dated is None or not number:
        raise UsageError("Hãy ghi số văn bản (ví dụ 123/BC-STTTT) và ngày văn bản.")
    return Numbered(number, dated)


def keep(visit: Visit) -> list[tuple[str, str]]:
    """The file, laid into the drawer until it is confirmed."""
    return [("da_gui", visit.house.drawer.put(visit.known.address, "da-ky.pdf", _sent(visit)))]


def _sent(visit: Visit) -> bytes:
    if number := visit.text("da_gui"):
        kept = visit.house.drawer.get(number, visit.known.address)
        if kept is None:
            raise UsageError("Tệp đã gửi không còn được giữ (quá 15 phút). Hãy chọn lại tệp.")
        return kept.data
    file = visit.file("tep")
    if file is None:
        raise UsageError("Chưa chọn tệp PDF đã ký.")
    file.file.seek(0)
    return file.file.read()


def follows(visit: Visit) -> list[str]:
    """What a release does."""
    one, period = _numbered(visit), period_of(visit)
    return [
        f"Chữ ký được kiểm tra: đúng tệp báo cáo kỳ {period.short}, chứng thư được tin, không sửa sau khi ký.",
        f"Đúng thì báo cáo số {one.number} ngày {date_text(one.dated)} được ghi vào sổ và gửi tới mọi nơi nhận.",
        "Sai thì nói rõ vì sao, và không gửi gì.",
        "Thư đã gửi thì không thu hồi được; sai thì chỉ có thể đính chính.",
    ]


def release(visit: Visit, signed: Signature) -> None:
    """Verify the signature and let the report go out."""
    data = _sent(visit)
    with TemporaryDirectory(prefix="ky-so-") as folder:
        path = Path(folder) / "da-ky.pdf"
        path.write_bytes(data)
        let_out(visit.workspace, period_of(visit), path, _numbered(visit), signed, visit.clock)
