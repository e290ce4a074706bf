"""Workbooks encrypted with the password that Excel itself tries first: they open without being asked for one.

Excel encrypts so where only the structure of an .xls is protected, or a read-only .xlsx is sent on.
"""

from io import BytesIO
from types import SimpleNamespace

import msoffcrypto
from msoffcrypto.format import xls97

_PASSWORD = "VelvetSweatshop"  # noqa: S105 - known to all: [MS-OFFCRYPTO] 2.4.2.3
MAX_BYTES = 8 << 20


def opened(data: bytes) -> bytes | None:
    """The workbook without its encryption; None where it has a password of its own, or is too large to try.

    To be called in a reader process: a hostile file may ask for any amount of work.
    """
    if len(data) > MAX_BYTES:
        return None
    xls97.tempfile = SimpleNamespace(TemporaryFile=BytesIO)  # reader processes write no files
    plain = BytesIO()
    try:
        document = msoffcrypto.OfficeFile(BytesIO(data))
        document.load_key(password=_PASSWORD)
        document.decrypt(plain)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever it stumbles over, the file stays encrypted
        return None
    return plain.getvalue()
