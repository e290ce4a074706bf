"""What is told where the disk fails while a backup is made or put back."""

from collections.abc import Iterator
from contextlib import contextmanager

from baocao.system.errors import OutsideServiceError, reason_of


@contextmanager
def disk_explained(failed: str) -> Iterator[None]:
    """Tell a failure of the disk; ``failed`` is the sentence's beginning, such as «Không khôi phục được vào …».

    Raises:
        OutsideServiceError: where an OSError was raised within.
    """
    try:
        yield
    except OSError as error:
        raise OutsideServiceError(
            f"{failed}: {reason_of(error)}. Hãy kiểm tra dung lượng và quyền ghi của đĩa rồi chạy lại."
        ) from error
