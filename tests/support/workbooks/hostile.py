# ruff: noqa: ARG005, E501 - the table below has one file a line
"""Hostile and broken files, made from a good form: each with the rules that may refuse it."""

import struct
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

from baocao.domain.received.finding import Finding
from baocao.workbook.formats.guard import RefusedError, examine, load
from support.workbooks.xlsb import package_of, record, sheet_part

MIB = 1 << 20
UNSAFE, UNREADABLE, ENCRYPTED = "file_unsafe", "file_unreadable", "file_encrypted"
SHEET = "xl/worksheets/sheet3.xml"
STRINGS = "xl/sharedStrings.xml"
_WORKSHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
_ODS_HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
    '<table:table table:name="Thông tin">'
)
_ODS_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"
_ODS_CELL = '<table:table-cell office:value-type="float" office:value="1"{}><text:p>1</text:p></table:table-cell>'


def refused(path: Path) -> tuple[Finding, ...]:
    """What keeps a file from being opened; nothing where it may be."""
    try:
        examine(load(path))
    except RefusedError as refusal:
        return (refusal.finding,)
    return ()


def repacked(good: bytes, changes: Mapping[str, bytes | None], compression: int = ZIP_DEFLATED) -> bytes:
    """The package with parts replaced, added, or (None) left out."""
    buffer = BytesIO()
    with ZipFile(BytesIO(good)) as source, ZipFile(buffer, "w", compression) as target:
        for name in source.namelist():
            if name not in changes:
                target.writestr(name, source.read(name))
        for name, content in changes.items():
            if content is not None:
                target.writestr(name, content)
    return buffer.getvalue()


def part(good: bytes, name: str) -> bytes:
    with ZipFile(BytesIO(good)) as package:
        return package.read(name)


def worksheet(cells: str) -> bytes:
    return _WORKSHEET.format(cells).encode()


def with_sheet(good: bytes, cells: str) -> bytes:
    return repacked(good, {SHEET: worksheet(cells)})


def ods(rows: str, manifest: str = "<manifest/>") -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", _ODS_HEAD + rows + _ODS_TAIL)
        package.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()


def corner(good: bytes) -> bytes:
    """A cell at the farthest corner; a parser makes a table of 17 thousand million cells of it."""
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return with_sheet(good, far)


def long_sheet(good: bytes) -> bytes:
    """Over a million cells within the bounds: honest, and some seconds of work."""
    rows = (
        f'<row r="{row}">{"".join(f"""<c r="{letter}{row}"><v>1</v></c>""" for letter in "ABCDEFGHIJKLMNO")}</row>'
        for row in range(1, 90_000)
    )
    return with_sheet(good, "".join(rows))


def shared_string_flood(good: bytes) -> bytes:
    """A small package whose cells repeat one long text: harmless to look at, 6 GiB when read."""
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 6001))
    text = b"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si><t>%s</t></si></sst>"
    relations = part(good, "xl/_rels/workbook.xml.rels").replace(
        b"</Relationships>",
        b'<Relationship Id="rIdF" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"'
        b' Target="sharedStrings.xml"/></Relationships>',
    )
    changes = {SHEET: worksheet(cells), STRINGS: text % (b"x" * MIB), "xl/_rels/workbook.xml.rels": relations}
    return repacked(good, changes)


def lying_size(good: bytes) -> bytes:
    """The directory says that the sheet is small; it is not."""
    large = with_sheet(good, " " * (2 * MIB))
    at = large.rindex(SHEET.encode()) - 46
    return large[: at + 24] + struct.pack("<I", 100) + large[at + 28 :]


def same_name_twice(good: bytes) -> bytes:
    twice = repacked(good, {"xl/worksheets/sheetX.xml": part(good, SHEET)})
    return twice.replace(b"xl/worksheets/sheetX.xml", SHEET.encode())


def flagged_encrypted(good: bytes) -> bytes:
    at = good.rindex(SHEET.encode()) - 46
    return good[: at + 8] + struct.pack("<H", 1) + good[at + 10 :]


def declared(good: bytes, name: str, declaration: str) -> bytes:
    """A document type before the root element of a part."""
    content = part(good, name).decode()
    head, _, rest = content.partition("?>") if content.startswith("<?xml") else ("", "", content)
    return repacked(good, {name: f"{head}{'?>' if head else ''}{declaration}{rest}".encode()})


def recoded(good: bytes, name: str, encoding: str, label: str | None = None) -> bytes:
    """A part in another encoding, with or without saying so."""
    text = part(good, name).decode().partition("?>")[2] or part(good, name).decode()
    head = f'<?xml version="1.0" encoding="{label}"?>' if label else ""
    return repacked(good, {name: (head + text).encode(encoding, "xmlcharrefreplace")})


def bomb(good: bytes, name: str, mebibytes: int) -> bytes:
    """A part of blanks: a thousandth of its size when packed."""
    piece = b" " * MIB
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)  # stands for itself, so it can be repeated
    crc = 0
    for _ in range(mebibytes):
        crc = zlib.crc32(piece, crc)
    packed = block * mebibytes + packer.flush()
    return _with_raw_member(good, name, packed, crc, mebibytes * MIB)


def _with_raw_member(good: bytes, name: str, packed: bytes, crc: int, size: int) -> bytes:
    """The package with a member that is packed already, in place of the one of that name."""
    small = repacked(good, {name: b"x"})
    marker = b"PK\x05\x06"
    end = small.rindex(marker)
    directory_size, directory_at = struct.unpack_from("<II", small, end + 12)
    directory = small[directory_at : directory_at + directory_size]
    last = directory.rindex(b"PK\x01\x02")
    local_at = struct.unpack_from("<I", directory, last + 42)[0]
    sizes = struct.pack("<III", crc, len(packed), size)
    local = (
        struct.pack("<4sHHHHH", b"PK\x03\x04", 20, 0, 8, 0, 33)
        + sizes
        + struct.pack("<HH", len(name), 0)
        + name.encode()
    )
    entry = struct.pack("<4sHHHHHH", b"PK\x01\x02", 20, 20, 0, 8, 0, 33) + sizes
    entry += struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, local_at) + name.encode()
    body = small[:local_at] + local + packed
    count = struct.unpack_from("<H", small, end + 10)[0]
    tail = struct.pack("<4sHHHHIIH", marker, 0, 0, count, count, last + len(entry), len(body), 0)
    return body + directory[:last] + entry + tail


def biff8(*records: tuple[int, bytes]) -> bytes:
    """The records of a workbook stream."""
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in records)


def compound(stream: bytes, name: str = "Workbook") -> bytes:
    """A compound document with one stream of at least 4,096 bytes, in sectors of 512."""
    size = max(4096, len(stream))
    stream = stream.ljust(-(-size // 512) * 512, b"\0")
    sectors = len(stream) // 512
    chain = [*range(1, sectors), -2, -2, -3]
    tables = -(-len(chain) // 127)
    chain = chain[:-1] + [-3] * tables
    chain += [-1] * (-len(chain) % 128)
    table_at = sectors + 1
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<iiiiiiii", len(chain) // 128, sectors, 0, 4096, -2, 0, -2, 0)
    header += struct.pack("<109i", *range(table_at, table_at + len(chain) // 128), *[-1] * (109 - len(chain) // 128))
    directory = _entry("Root Entry", 5, 1, -2, 0) + _entry(name, 2, -1, 0, size) + _entry("", 0, -1, 0, 0) * 2
    return header + stream + directory + struct.pack(f"<{len(chain)}i", *chain)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0" if name else b""
    links = struct.pack("<HBBiii", len(text), kind, 1, -1, -1, child)
    return text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<iII", start, size, 0)


BOF = (0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
EOF = (0x000A, b"")


def hostile_files(good: bytes) -> dict[str, tuple[bytes, str]]:
    """Every hostile file by a name that says what it is, with the rule that must refuse it."""
    return {name: (make(good), rule) for name, (make, rule) in _FILES.items()}


def _xls(*records: tuple[int, bytes]) -> Callable[[bytes], bytes]:
    return lambda _good: compound(biff8(BOF, *records, EOF))


_NUMBER = 0x0203
_FILES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "corner cell": (corner, UNSAFE),
    "corner cell, single quotes": (lambda g: with_sheet(g, "<row r='1'><c r='XFD1048576'><v>1</v></c></row>"), UNSAFE),
    "corner cell, small letters": (lambda g: with_sheet(g, '<row r="1"><c r="xfd1"><v>1</v></c><c r="a1048576"><v>1</v></c></row>'), UNSAFE),
    "corner cell, no address": (lambda g: with_sheet(g, '<row r="1048576"><c><v>1</v></c></row><row r="1"><c r="ZZZ1"><v>1</v></c></row>'), UNSAFE),
    "corner cell, prefixed": (
        lambda g: repacked(g, {SHEET: worksheet('<x:row r="1"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>').replace(b"<worksheet ", b"<x:worksheet xmlns:x='http://schemas.openxmlformats.org/spreadsheetml/2006/main' ").replace(b"</worksheet", b"</x:worksheet").replace(b"sheetData", b"x:sheetData")}),
        UNSAFE,
    ),
    "corner text": (lambda g: with_sheet(g, '<row r="1"><c r="XFD1048576" t="inlineStr"><is><t>a</t></is></c></row>'), UNSAFE),
    "bomb in a sheet": (lambda g: bomb(g, SHEET, 1024), UNSAFE),
    "bomb in a picture": (lambda g: bomb(g, "xl/media/image1.png", 300), UNSAFE),
    "lying size": (lying_size, UNSAFE),
    "too many parts": (lambda g: repacked(g, {f"xl/media/{n}.png": b"" for n in range(2_100)}), UNSAFE),
    "a name twice": (same_name_twice, UNSAFE),
    "encrypted parts": (flagged_encrypted, ENCRYPTED),
    "document type in a sheet": (lambda g: declared(g, SHEET, "<!DOCTYPE worksheet>"), UNSAFE),
    "entity bomb": (lambda g: declared(g, "xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]>'), UNSAFE),
    "external entity": (lambda g: declared(g, "xl/styles.xml", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'), UNSAFE),
    "document type in relations": (lambda g: declared(g, "_rels/.rels", '<!DOCTYPE a SYSTEM "http://x.example/a.dtd">'), UNSAFE),
    "document type in the types": (lambda g: declared(g, "[Content_Types].xml", "<!DOCTYPE Types>"), UNSAFE),
    "UTF-16 sheet": (lambda g: recoded(g, SHEET, "utf-16"), UNSAFE),
    "UTF-16 sheet without mark": (lambda g: recoded(g, SHEET, "utf-16-le"), UNSAFE),
    "UTF-16 document type": (lambda g: repacked(g, {SHEET: '<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'.encode("utf-16")}), UNSAFE),
    "declared windows-1258": (lambda g: recoded(g, SHEET, "ascii", "windows-1258"), UNSAFE),
    "declared UTF-7": (lambda g: recoded(g, SHEET, "ascii", "UTF-7"), UNSAFE),
    "half a file": (lambda g: g[: len(g) // 2], UNREADABLE),
    "without its directory": (lambda g: g[: g.rindex(b"PK\x05\x06")], UNREADABLE),
    "spoilt packing": (lambda g: g[:60] + bytes(40) + g[100:], UNREADABLE),
    "bzip2 packing": (lambda g: repacked(g, {}, ZIP_BZIP2), UNREADABLE),
    "broken XML": (lambda g: with_sheet(g, '<row r="1"><c r="A1"><v>1</c></row>'), UNREADABLE),
    "a text document": (lambda g: repacked(b"PK\x05\x06" + bytes(18), {"word/document.xml": b"<a/>"}), UNREADABLE),
    "a plain archive": (lambda g: repacked(b"PK\x05\x06" + bytes(18), {"a.txt": b"a"}), UNREADABLE),
    "an empty archive": (lambda g: b"PK\x05\x06" + bytes(18), UNREADABLE),
    "a picture": (lambda g: b"\x89PNG\r\n\x1a\n" + bytes(100), UNREADABLE),
    "a PDF": (lambda g: b"%PDF-1.7\n" + bytes(100), UNREADABLE),
    "a web page": (lambda g: b"<html><table><tr><td>1</td></tr></table></html>", UNREADABLE),
    "text": (lambda g: b"Ma;Tu so;Mau so\nA1;1;2\n", UNREADABLE),
    "nothing": (lambda g: b"", UNREADABLE),
    "blanks": (lambda g: bytes(4096), UNREADABLE),
    "encrypted package": (lambda g: compound(b"a" * 5000, "EncryptedPackage"), ENCRYPTED),
    "old document": (lambda g: compound(b"a" * 5000, "WordDocument"), UNREADABLE),
    "xls with a password": (_xls((0x002F, bytes(54))), ENCRYPTED),
    "xls corner cell": (_xls((_NUMBER, struct.pack("<HHHd", 65535, 255, 0, 1.0))), UNSAFE),
    "xls lying size": (_xls((0x0200, struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 256, 0))), UNSAFE),
    "xls cut short": (lambda g: compound(biff8(BOF) + b"\x03\x02\xff\xff"), UNREADABLE),
    "half a compound document": (lambda g: compound(biff8(BOF, EOF))[:700], UNREADABLE),
    "compound document of noise": (lambda g: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 20, UNREADABLE),
    "ods far row": (lambda g: ods(f'<table:table-row table:number-rows-repeated="1000000">{_ODS_CELL.format("")}</table:table-row>'), UNSAFE),
    "ods far column": (lambda g: ods(f'<table:table-row table:number-rows-repeated="9000">{_ODS_CELL.format(" table:number-columns-repeated=" + chr(34) + "900" + chr(34))}</table:table-row>'), UNSAFE),
    "ods flood of blanks": (lambda g: ods('<table:table-row><table:table-cell office:value-type="string"><text:p><text:s text:c="999999999"/></text:p></table:table-cell></table:table-row>'), UNSAFE),
    "ods document type": (lambda g: ods("", '<!DOCTYPE manifest:manifest PUBLIC "-//X//EN" "Manifest.dtd"><manifest/>'), UNSAFE),
    "ods with a password": (lambda g: ods("", "<manifest><encryption-data/></manifest>"), ENCRYPTED),
    "ods of broken XML": (lambda g: ods("<table:table-row>"), UNREADABLE),
    "xlsb corner cell": (lambda g: package_of({"Thông tin": sheet_part(iter([(1048575, 16383, 0, 1.0)]))}), UNSAFE),
    "xlsb cut short": (lambda g: package_of({"Thông tin": record(129) + b"\x05\x7f"}), UNREADABLE),
}  # fmt: skip


def write_hostile(folder: Path, good: bytes) -> dict[str, tuple[Path, str]]:
    """All of them in a folder, as .xlsx whatever they are."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for name, (data, rule) in hostile_files(good).items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(data)
        written[name] = (path, rule)
    return written
