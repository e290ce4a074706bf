"""A home with a past and a database without one do not belong together; what was published is never written again."""

from pathlib import Path

from baocao.store.engine.database import connect, is_empty
from baocao.store.engine.examining import was_used
from baocao.system.errors import UsageError
from baocao.system.files import write_atomically
from baocao.workspace.settings import Settings

_TRACES = ("archive", "reports", "outbox")
SEAL = ".da-phat-hanh"


def ensure_same_past(settings: Settings) -> None:
    """Refuse a database in which nothing ever happened for a home in which something did; nothing is made or changed.

    Raises:
        UsageError: the database was lost, or the settings name another one.
        OutsideServiceError: the database cannot be reached.
    """
    traces = [name for name in _TRACES if _holds_files(settings.home / name)]
    if traces and _has_no_past(settings.database):
        raise UsageError(
            f"Thư mục dữ liệu {settings.home} đã có {', '.join(traces)}, nhưng cơ sở dữ liệu lại trống: "
            "có thể tệp đã mất hoặc BAOCAO_DATABASE_URL sai. Hãy đặt đúng địa chỉ, "
            "hoặc khôi phục bản sao lưu vào một thư mục trống: baocao restore TỆP --home THƯ-MỤC-MỚI."
        )


def seal(folder: Path) -> None:
    """Mark a report's folder as published. Idempotent."""
    if folder.is_dir() and not is_sealed(folder):
        write_atomically(folder / SEAL, "Báo cáo trong thư mục này đã phát hành: không sửa, không ghi đè.\n".encode())


def is_sealed(folder: Path) -> bool:
    """Whether a report's folder was published, whatever the database knows of it."""
    return (folder / SEAL).exists()


def ensure_unsealed(folder: Path) -> None:
    """Refuse to write into a published report's folder.

    Raises:
        UsageError: the database does not know of that publication: it is older than the folder.
    """
    if is_sealed(folder):
        raise UsageError(
            f"{folder} là báo cáo đã phát hành mà cơ sở dữ liệu không biết (bản khôi phục cũ hơn?); không ghi đè. Hãy "
            "khôi phục bản sao lưu mới hơn, hoặc chuyển thư mục đó đi nơi khác rồi chạy lại."
        )


def _holds_files(folder: Path) -> bool:
    return any(path.is_file() for path in folder.rglob("*"))


def _has_no_past(url: str) -> bool:
    if is_empty(url):
        return True
    engine = connect(url)
    try:
        return not was_used(engine)
    finally:
        engine.dispose()
