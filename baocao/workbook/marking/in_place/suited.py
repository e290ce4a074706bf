"""Which workbooks are surely of the kind whose parts can be changed in place: a plain one, without earlier marks."""

import re
from io import BytesIO
from zipfile import ZipFile

from baocao.workbook.formats.guard import Examined
from baocao.workbook.formats.package import MIB
from baocao.workbook.marking.in_place.elements import UnfitError
from baocao.workbook.marking.marked_cells import COLOURS

_MOST_BYTES = 8 * MIB
"""Of all parts: a tree takes many times the room of its part, and heavier workbooks are rare."""
_PLAIN = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(?:app|core|custom)\.xml|xl/_rels/workbook\.xml\.rels|"
    r"xl/(?:workbook|styles|sharedStrings|calcChain)\.xml|xl/theme/theme[0-9]+\.xml|"
    r"xl/worksheets/sheet[0-9]+\.xml|xl/worksheets/_rels/sheet[0-9]+\.xml\.rels|"
    r"xl/printerSettings/printerSettings[0-9]+\.bin"
)
"""No comments, drawings, tables, macros, links to other workbooks, nor what we have never seen."""
_WORKBOOK = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_STRANGE = (b"<!", *(sign for colour in COLOURS.values() for sign in (colour.encode(), colour.lower().encode())))
"""What Excel, LibreOffice and openpyxl do not write, and the colours of findings, be it in a conditional format."""
_OUR_CONDITION = re.compile(rb'LEN\((?:"|&quot;|&#34;)H')
_HIDDEN_LETTER = re.compile(rb"&#(?:0[0-9]*|[45][0-9]|6[3-9]|[7-9][0-9]|1[01][0-9]|12[0-9]|[xX]0*[2-7][0-9a-fA-F]);")
"""A letter or figure that is written by its number: what is looked for in carried parts would not be found."""


def check_suited(examined: Examined) -> None:
    """Let only those pass of which all is known.

    Raises:
        UnfitError: there is something else in it.
    """
    with ZipFile(BytesIO(examined.data)) as archive:
        names = archive.namelist()
    odd = next((name for name in names if not _PLAIN.fullmatch(name) or name not in examined.parts), None)
    if odd is not None:
        raise UnfitError(f"the part {odd}")
    if sum(map(len, examined.parts.values())) > _MOST_BYTES:
        raise UnfitError("heavy")
    if _WORKBOOK not in examined.parts["[Content_Types].xml"]:
        raise UnfitError("no plain workbook")
    for name, part in examined.parts.items():
        if not name.endswith(".bin"):
            _check_part(name, part)


def _check_part(name: str, part: bytes) -> None:
    if any(sign in part for sign in _STRANGE) or _OUR_CONDITION.search(part) or _HIDDEN_LETTER.search(part):
        raise UnfitError(f"marks of an earlier return, or unusual XML, in {name}")
