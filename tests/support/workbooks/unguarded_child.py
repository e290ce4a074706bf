"""A reader process whose guard lets everything through: for tests of what the process limits alone must withstand."""

from baocao.isolation import child
from baocao.workbook.formats import guard
from baocao.workbook.formats.guard import Examined, Kind
from baocao.workbook.reading import reader


def main() -> None:
    """Serve, unguarded."""
    reader.examine = lambda data: Examined(data, Kind.XLSX, dict(guard.examine(PLAIN).parts))
    child.main()


def _plain() -> bytes:
    from io import BytesIO

    from openpyxl import Workbook

    buffer = BytesIO()
    Workbook().save(buffer)
    return buffer.getvalue()


PLAIN = _plain()
