"""A workbook of openpyxl as Excel saves it: what else stands in its packages, and how it is spelt there."""

import re
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZipFile

from support.workbooks.hostile import repacked

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_MICROSOFT = "http://schemas.microsoft.com/office/spreadsheetml"
_NAMES = (
    f'xmlns:r="{_OFFICE}/relationships" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    f'mc:Ignorable="x14ac xr" xmlns:x14ac="{_MICROSOFT}/2009/9/ac" xmlns:xr="{_MICROSOFT}/2014/revision"'
)
_LINKED = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_PRINTER = "xl/printerSettings/printerSettings1.bin"
_BEYOND = (
    f'<extLst><ext xmlns:x14="{_MICROSOFT}/2009/9/main" uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}">'
    '<x14:conditionalFormattings><x14:conditionalFormatting xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    '<x14:cfRule type="expression" priority="900" id="{00000000-0001-0000-0200-000001000000}">'
    "<xm:f>'Thông tin'!$B$3=1</xm:f><x14:dxf/></x14:cfRule><xm:sqref>B8</xm:sqref>"
    "</x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>"
)
"""A conditional format that looks at another sheet."""
_TEXT = re.compile(r'(<c [^>]*)t="inlineStr"><is>(.*?)</is></c>', re.DOTALL)


def as_excel_saves(data: bytes, rich: str) -> bytes:
    """The package with shared texts, extents of rows, printer settings, a calculation chain, Excel's own namespaces.

    ``rich``: the part of the sheet that has printer settings and a conditional format beyond its schema.
    """
    with ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    texts: dict[str, int] = {}
    changed = {name: _sheet(part, texts) for name, part in parts.items() if name.startswith("xl/worksheets/sheet")}
    changed[rich] = (
        changed[rich]
        .replace("<pageSetup ", '<pageSetup r:id="rId1" ')
        .replace("</worksheet>", f"{_BEYOND}</worksheet>")
    )
    strings, chain = _link("rId91", "sharedStrings", "sharedStrings.xml"), _link("rId92", "calcChain", "calcChain.xml")
    changed["xl/workbook.xml"] = _book(parts["xl/workbook.xml"])
    changed["xl/_rels/workbook.xml.rels"] = (
        parts["xl/_rels/workbook.xml.rels"]
        .replace('Target="/xl/', 'Target="')
        .replace("</Relationships>", f"{strings}{chain}</Relationships>")
    )
    folder, _, name = rich.rpartition("/")
    changed[f"{folder}/_rels/{name}.rels"] = _LINKED.format(_link("rId1", "printerSettings", f"/{_PRINTER}"))
    shared = "".join(f"<si>{text}</si>" for text in texts)
    changed["xl/sharedStrings.xml"] = (
        f'<sst xmlns="{_MAIN}" count="{len(texts)}" uniqueCount="{len(texts)}">{shared}</sst>'
    )
    changed["xl/calcChain.xml"] = f'<calcChain xmlns="{_MAIN}"><c r="F8" i="3"/></calcChain>'
    changed["[Content_Types].xml"] = _types(parts["[Content_Types].xml"])
    return repacked(data, {**_coded(changed), _PRINTER: b"\x00\x01printer"})


def _coded(parts: Mapping[str, str]) -> dict[str, bytes]:
    return {
        name: f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n{part}'.encode()
        for name, part in parts.items()
    }


def _sheet(part: str, texts: dict[str, int]) -> str:
    def shared(found: re.Match[str]) -> str:
        return f'{found[1]}t="s"><v>{texts.setdefault(found[2], len(texts))}</v></c>'

    part = re.sub(r'(<row r="[0-9]+")', r'\1 spans="1:20" x14ac:dyDescent="0.25"', _TEXT.sub(shared, part))
    return part.replace(f'<worksheet xmlns="{_MAIN}"', f'<worksheet xmlns="{_MAIN}" {_NAMES} xr:uid="{{0-0-0-0}}"')


def _book(part: str) -> str:
    part = re.sub(rf' xmlns:r="{_OFFICE}/relationships"', "", part)
    choice = (
        '<mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath url="C:\\" '
        f'xmlns:x15ac="{_MICROSOFT}/2010/11/ac"/></mc:Choice></mc:AlternateContent>'
    )
    names = f'{_NAMES} xmlns:x15="{_MICROSOFT}/2010/11/main"'
    return part.replace(f'<workbook xmlns="{_MAIN}"', f'<workbook xmlns="{_MAIN}" {names}').replace(
        "<bookViews>", f"{choice}<bookViews>"
    )


def _link(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{_OFFICE}/relationships/{kind}" Target="{target}"/>'


def _types(part: str) -> str:
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    more = "".join(
        f'<Override PartName="/xl/{kind}.xml" ContentType="{mime}.{kind}+xml"/>'
        for kind in ("sharedStrings", "calcChain")
    )
    printer = f'<Default Extension="bin" ContentType="{mime}.printerSettings"/>'
    return part.replace("<Override ", f"{printer}<Override ", 1).replace("</Types>", f"{more}</Types>")
