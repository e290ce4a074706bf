"""The one exception root, and the user-facing branch with exit codes (``interfaces.md``: 2, 3, 4; a bug is 5)."""

import errno


class BaocaoError(Exception):
    """Root of all our exceptions. The message is one readable Vietnamese sentence: what, where, what to do."""

    exit_code = 5


class UsageError(BaocaoError):
    """Wrong usage or configuration: the operator must change something."""

    exit_code = 2


class PlanError(UsageError):
    """A plan file that does not hold; the message names file, line and field."""


class NotDueError(BaocaoError):
    """Not due, or not possible yet."""

    exit_code = 3


class OutsideServiceError(BaocaoError):
    """An outside service (mail server, mailbox, database, disk) failed; trying again later may help.

    ``is_final``: not before a person has changed something (a wrong password, an unknown certificate).
    """

    exit_code = 4
    is_final = False


class RefusedByServiceError(OutsideServiceError):
    """An outside service does not let us in; it will not, however often it is asked."""

    is_final = True


_WORDS = {
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.EEXIST: "đã có tệp cùng tên",
    errno.EISDIR: "đó là thư mục",
    errno.ENOTDIR: "một phần của đường dẫn không phải thư mục",
    errno.ENOSPC: "đĩa đầy",
    errno.EDQUOT: "hết hạn mức đĩa",
    errno.EFBIG: "tệp quá lớn",
    errno.EROFS: "đĩa chỉ cho đọc",
    errno.EIO: "đĩa hỏng",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.EADDRINUSE: "cổng đã có chương trình dùng",
    errno.ECONNREFUSED: "máy chủ không nhận kết nối",
    errno.ECONNRESET: "máy chủ ngắt kết nối",
    errno.EHOSTUNREACH: "không tới được máy chủ",
    errno.ENETUNREACH: "không tới được máy chủ",
}


def reason_of(error: OSError) -> str:
    """Why, in a few words; what has no word of ours is told as the system says it."""
    return _WORDS.get(error.errno or 0) or error.strerror or str(error)
