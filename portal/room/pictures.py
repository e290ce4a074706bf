"""A report's pages as pictures, to be read where it is decided on, on any device. Of our own files alone."""

from io import BytesIO
from pathlib import Path
from threading import Lock

import pypdfium2

_WIDE = 1000
_ONE_AT_A_TIME = Lock()
"""PDFium is not made for several threads."""


def pages(path: Path) -> int:
    """How many pages a PDF has; 0 where it is not there or is none."""
    with _ONE_AT_A_TIME:
        try:
            with pypdfium2.PdfDocument(path) as document:
                return len(document)
        except (OSError, pypdfium2.PdfiumError):
            return 0


def picture(path: Path, number: int) -> bytes:
    """A page as PNG, a thousand pixels wide; pages are counted from 1.

    Raises:
        LookupError: there is no such page.
    """
    with _ONE_AT_A_TIME:
        try:
            with pypdfium2.PdfDocument(path) as document:
                if not 1 <= number <= len(document):
                    raise LookupError(number)
                page = document[number - 1]
                drawn = page.render(scale=_WIDE / page.get_width()).to_pil()
        except (OSError, pypdfium2.PdfiumError):
            raise LookupError(number) from None
    made = BytesIO()
    drawn.save(made, "PNG", compress_level=1)
    return made.getvalue()
