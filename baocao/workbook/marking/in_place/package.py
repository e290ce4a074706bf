"""A package of which some parts are exchanged or new; the others are carried as they are, compressed bytes and all."""

import posixpath
import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from struct import Struct
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from baocao.workbook.formats.guard import Examined
from baocao.workbook.formats.package import compressed
from baocao.workbook.marking.in_place.elements import RELATIONS, UnfitError

_LOCAL = Struct("<4s5H3L2H")
_CENTRAL = Struct("<4s6H3L5H2L")
_END = Struct("<4s4H2LH")
_VERSION = 20
_MIDNIGHT = 0x0021
"""The first of January 1980, a zip's first day: the same marks give the same bytes."""
_TYPES = "[Content_Types].xml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NO_RELATIONS = f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'


class Package:
    """The parts of an examined .xlsx. Nothing is written but into memory."""

    def __init__(self, examined: Examined) -> None:
        self._data = examined.data
        self._before = examined.parts
        self._changed: dict[str, bytes] = {}

    def __getitem__(self, name: str) -> bytes:
        """A part as it now is."""
        return self._changed[name] if name in self._changed else self._before[name]

    def __setitem__(self, name: str, part: bytes) -> None:
        self._changed[name] = part

    def __contains__(self, name: str) -> bool:
        return name in self._changed or name in self._before

    def free(self, stem: str, suffix: str) -> str:
        """The name of a part that is not there, beside others of its kind."""
        numbers = range(1, len(self._before) + len(self._changed) + 2)
        return next(name for number in numbers if (name := f"{stem}{number}{suffix}") not in self)

    def declare(self, name: str, mime: str) -> None:
        """Say in the content types what a new part is."""
        self._splice(_TYPES, f'<Override PartName="/{name}" ContentType={quoteattr(mime)}/>', "</Types>")

    def declare_extension(self, extension: str, mime: str) -> None:
        """Say in the content types what parts with this extension are, where that is not said."""
        if re.search(rf"""Extension\s*=\s*["']{extension}["']""".encode(), self[_TYPES], re.IGNORECASE) is None:
            self._splice(_TYPES, f'<Default Extension="{extension}" ContentType={quoteattr(mime)}/>', "<Override ")

    def relate(self, source: str, relation: str, kind: str, target: str) -> None:
        """Let a part name another one.

        Raises:
            UnfitError: it names one by this id already, or its relations are written unusually.
        """
        folder, name = posixpath.split(source)
        place = f"{folder}/_rels/{name}.rels"
        if place not in self:
            self[place] = f"{_NO_RELATIONS}</Relationships>".encode()
        if f'"{relation}"'.encode() in self[place]:
            raise UnfitError(f"{relation} in {place}")
        told = f'<Relationship Id="{relation}" Type="{RELATIONS}/{kind}" Target="/{target}"/>'
        self._splice(place, told, "</Relationships>")

    def _splice(self, name: str, piece: str, before: str) -> None:
        head, mark, tail = self[name].partition(before.encode())
        if not mark:
            raise UnfitError(f"{before} is not in {name}")
        self[name] = head + piece.encode() + mark + tail

    def written(self) -> bytes:
        """The package with what was changed.

        Raises:
            UnfitError: a part that is carried is not what its checksum says.
        """
        out, directory = BytesIO(), BytesIO()
        entries = list(self._entries())
        for name, method, crc, size, raw in entries:
            coded, at = name.encode("ascii"), out.tell()
            told = (_VERSION, 0, method, 0, _MIDNIGHT, crc, len(raw), size, len(coded), 0)
            out.write(_LOCAL.pack(b"PK\x03\x04", *told) + coded + raw)
            directory.write(_CENTRAL.pack(b"PK\x01\x02", _VERSION, *told, 0, 0, 0, 0, at) + coded)
        start, listing = out.tell(), directory.getvalue()
        out.write(listing)
        out.write(_END.pack(b"PK\x05\x06", 0, 0, len(entries), len(entries), len(listing), start, 0))
        return out.getvalue()

    def _entries(self) -> Iterator[tuple[str, int, int, int, bytes]]:
        """Of each part its name, its method, its checksum, its size and its compressed bytes."""
        with ZipFile(BytesIO(self._data)) as archive:
            members = archive.infolist()
        for member in members:
            yield self._carried(member) if member.filename not in self._changed else self._deflated(member.filename)
        for name in self._changed:
            if name not in self._before:
                yield self._deflated(name)

    def _carried(self, member: ZipInfo) -> tuple[str, int, int, int, bytes]:
        part = self._before[member.filename]
        if zlib.crc32(part) != member.CRC:
            raise UnfitError(f"{member.filename} is damaged")
        return member.filename, member.compress_type, member.CRC, len(part), compressed(self._data, member)

    def _deflated(self, name: str) -> tuple[str, int, int, int, bytes]:
        part = self._changed[name]
        deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        raw = deflater.compress(part) + deflater.flush()
        return name, ZIP_DEFLATED, zlib.crc32(part), len(part), raw
