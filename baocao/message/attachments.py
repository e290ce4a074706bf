"""The workbooks in a message: attached, zipped, signed, in a winmail.dat, in its text or in a forwarded message."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from baocao.domain.received.submission import PDF, WORD
from baocao.message import containers
from baocao.message.archives import ZIP, member_names, unzipped
from baocao.message.coded_text import coded_files, unencoded
from baocao.message.incoming import MOST_PARTS, Incoming, Part, TooMuchError, content, decoded, file_name
from baocao.message.remedies import remedy_in_text, remedy_of
from baocao.store.archive import digest

MOST_WORKBOOKS = 50
"""So many in one message are taken without a person."""

_DOCUMENTS = {PDF: b"%PDF", WORD: ZIP}
_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
_MESSAGES = frozenset({".eml", ".mht", ".mhtml"})
_CONTAINERS = frozenset({".zip", *_MESSAGES})
_WRAPPED = frozenset({".p7m", *_CONTAINERS})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SPREADSHEETS = ("xl/workbook.xml", "xl/workbook.bin")
_BOOKS = (ZIP, _OLE)
_SIGNED = frozenset({".p7m", ".p7s"})
_OFFICE = ("[content_types].xml", "mimetype")
_TNEF_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
_SIGNED_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
_CODES = (b"begin ", b"begin-base64 ")
_NAMELESS = "tệp không tên"
_MOST_BYTES = 160 << 20  # of all files of a message together, packed and unpacked
_MOST_KEPT_BYTES = 64 << 20  # of its workbooks: two of the largest size that is read, and more
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a message."""

    name: str
    data: bytes

    @property
    def suffix(self) -> str:
        """The name's extension in small letters."""
        _, dot, end = self.name.lower().rpartition(".")
        return dot + end


@dataclass(frozen=True, slots=True)
class Found:
    """The files of a message, in their order: workbooks and PDFs, each content once; names of all but workbooks.

    Where Word documents were asked for, those of a message without workbooks stand for its workbooks.
    ``count``: how many workbooks there are; of more than 50 none is given. ``remedies``: Vietnamese sentences on how
    to send what cannot be opened.
    """

    workbooks: tuple[Attachment, ...] = ()
    documents: tuple[Attachment, ...] = ()
    others: tuple[str, ...] = ()
    count: int = 0
    remedies: tuple[str, ...] = ()


NOTHING = Found()


def find_workbooks(message: Incoming, documents: Collection[str] = ()) -> Found:
    """Everything in a message that is a workbook or is named like one.

    An archive that cannot be opened within the limits of ``workbook.formats.guard`` stands for the workbooks that
    it may hold where the message has no other, so that its sender is told what is wrong with it. ``documents``: the
    extensions of the documents that are looked for, too.

    Raises:
        TooMuchError: it has more parts, nests or bytes than anybody sends.
    """
    search = _Search(wanted=documents)
    search.look_into(message, 0)
    return _summed_up(search)


def find_in_file(name: str, data: bytes, documents: Collection[str] = ()) -> Found:
    """The same for a file that came by itself: an archive, or a message laid down as a file.

    Raises:
        TooMuchError: as above.
    """
    search = _Search(wanted=documents)
    search.take(Attachment(name, data), 0)
    return _summed_up(search)


def _summed_up(search: "_Search") -> Found:
    kept = search.documents.values()
    forms = tuple(search.workbooks.values()) or tuple(one for one in kept if one.suffix == WORD)
    closed = () if forms else tuple(search.closed.values())
    names = search.others if closed else [*search.others, *(one.name for one in search.closed.values())]
    found = closed or forms
    return Found(
        workbooks=found if len(found) <= MOST_WORKBOOKS else (),
        documents=tuple(one for one in kept if one.suffix == PDF)[:MOST_WORKBOOKS],
        others=tuple(names),
        count=len(found),
        remedies=() if found else tuple(dict.fromkeys(search.remedies)),
    )


@dataclass
class _Search:
    """What was found so far, by content; archives that stayed ``closed``; and the room that is left."""

    workbooks: dict[str, Attachment] = field(default_factory=dict)
    closed: dict[str, Attachment] = field(default_factory=dict)
    wanted: Collection[str] = ()
    documents: dict[str, Attachment] = field(default_factory=dict)
    documents_left: int = _MOST_KEPT_BYTES
    others: list[str] = field(default_factory=list)
    remedies: list[str] = field(default_factory=list)
    bytes_left: int = _MOST_BYTES
    kept_left: int = _MOST_KEPT_BYTES
    files_left: int = MOST_PARTS
    met: int = 0

    def look_into(self, message: Incoming, depth: int) -> None:
        """Every file of a message, and of the messages and archives in it."""
        for part in message.parts():
            self.remedies += filter(None, [remedy_of(part.get_content_type(), ""), _said_in_text(part)])
            for one in _files_of(part):
                self._spend(len(one.data))
                self.take(one, depth)

    def _spend(self, size: int) -> None:
        self.bytes_left -= size
        self.files_left -= 1
        if self.bytes_left < 0 or self.files_left < 0:
            raise TooMuchError("too many files or bytes")

    def take(self, one: Attachment, depth: int) -> None:
        """A file, and what is in it."""
        if depth > _DEEPEST:
            raise TooMuchError("wrapped too often")
        one, before = _decoded(one), self.met
        inside = _unwrapped(one)
        if isinstance(inside, Incoming):
            self.look_into(inside, depth + 1)
        elif inside is not None:
            self.take(inside, depth + 1)
        elif _is_archive(one):
            self._unzip(one, depth)
        elif _is_workbook(one):
            self._keep(self.workbooks, one)
        elif one.name:
            self._keep_document(one)
            self._leave(one)
        if self.met == before and one.suffix in _CONTAINERS:
            self._leave(one)

    def _leave(self, one: Attachment) -> None:
        """Nobody can use it, or nothing was in it: named, with what to do instead."""
        self.met += 1
        self.others.append(one.name)
        self.remedies += filter(None, [remedy_of("", one.name, one.data)])

    def _keep(self, where: dict[str, Attachment], one: Attachment) -> None:
        self.met += 1
        key = digest(one.data)
        if key not in where:
            where[key] = one
            self.kept_left -= len(one.data)
            if self.kept_left < 0:
                raise TooMuchError("too many bytes of workbooks")

    def _keep_document(self, one: Attachment) -> None:
        """A document that is wanted takes no workbook's room; one for which there is none is only named."""
        if one.suffix not in self.wanted or not one.data.startswith(_DOCUMENTS[one.suffix]):
            return
        key = digest(one.data)
        if key not in self.documents and len(one.data) <= self.documents_left:
            self.documents[key] = one
            self.documents_left -= len(one.data)

    def _unzip(self, one: Attachment, depth: int) -> None:
        members = unzipped(one.name, one.data, _SUFFIXES | _WRAPPED | ({WORD} & {*self.wanted}), self._spend)
        if members is None:
            self._keep(self.closed, one)
            return
        for name, data in members:
            self.take(Attachment(name, data), depth + 1)


def _files_of(part: Part) -> Iterator[Attachment]:
    name, kind, whole = file_name(part) or _located(part), part.get_content_type(), content(part)
    data = containers.without_fork(whole)
    if whole and not data:
        return
    is_text = part.get_content_maintype() == "text" and not data.startswith(_BOOKS)
    if kind in _TNEF_TYPES or name.lower() == "winmail.dat":
        yield from (Attachment(*one) for one in containers.winmail_files(data))
    elif name and data.startswith(_CODES) and not is_text:
        yield from [Attachment(name, inside) for _, inside in coded_files(data)] or [Attachment(name, data)]
    elif is_text:
        yield from _in_text(name, data, is_html=kind == "text/html")
    elif data.startswith(_BOOKS) or not (name.startswith("._") or _is_of_the_text(part, name)):
        yield Attachment(name or _name_of(kind, data), data)


def _located(part: Part) -> str:
    """The name of a workbook in a saved web page (.mht), whose parts have places instead of names."""
    name = PurePosixPath(decoded(str(part.get("content-location", ""))[:2_000], 300).replace("\\", "/")).name
    return name if PurePosixPath(name.lower()).suffix in _SUFFIXES else ""


def _in_text(name: str, data: bytes, *, is_html: bool) -> list[Attachment]:
    """The files in a text; the text itself where it is a file."""
    found = coded_files(data, is_html=is_html)
    whole = [Attachment(name, data)] if name and not name.startswith("._") else []
    return [Attachment(inside or _name_of("", code), code) for inside, code in found] or whole


def _said_in_text(part: Part) -> str:
    return remedy_in_text(content(part)) if part.get_content_maintype() == "text" else ""


def _is_of_the_text(part: Part, name: str) -> bool:
    """Whether it is a picture in the text, or a piece of a saved web page."""
    is_picture = part.get_content_maintype() == "image" and "content-id" in part
    return is_picture or (not name and "content-location" in part)


def _name_of(kind: str, data: bytes) -> str:
    """A name for a file that has none."""
    if kind in _SIGNED_TYPES:
        return "smime.p7m"
    if data.startswith(ZIP) and not any(name in member_names(data) for name in _OFFICE):
        return "tep-dinh-kem.zip"
    kinds = {ZIP: "tep-dinh-kem.xlsx", _OLE: "tep-dinh-kem.xls"}
    return kinds.get(data[: len(ZIP)], kinds.get(data[: len(_OLE)], _NAMELESS if _is_file(kind, data) else ""))


def _is_file(kind: str, data: bytes) -> bool:
    """Whether a part without a name is something that its sender attached."""
    is_said = kind in _SIGNATURES or remedy_of(kind, "")
    return bool(data) and not is_said and kind.startswith(("application/", "audio/", "video/"))


def _decoded(one: Attachment) -> Attachment:
    is_known = one.suffix in (_SUFFIXES | _WRAPPED | _SIGNED)
    return Attachment(one.name, unencoded(one.data)) if is_known else one


def _unwrapped(one: Attachment) -> Incoming | Attachment | None:
    """The message that a file is, or the message or file (``a.xlsx.p7m``) that a signature encloses."""
    if one.suffix in _MESSAGES and one.data:
        return Incoming(one.data.lstrip(b"\xef\xbb\xbf\r\n"))
    inside = containers.signed(one.data) if one.suffix in _SIGNED else None
    if not inside:
        return None
    is_file = inside.startswith(_BOOKS)
    return Attachment(one.name[: -len(one.suffix)] or _name_of("", inside), inside) if is_file else Incoming(inside)


def _is_archive(one: Attachment) -> bool:
    if one.suffix in _SUFFIXES or not one.data.startswith(ZIP):
        return False
    names = member_names(one.data)
    return not any(name in names for name in _OFFICE)


def _is_workbook(file: Attachment) -> bool:
    if not file.data:
        return False
    if file.suffix in _SUFFIXES:
        return True
    if file.data.startswith(ZIP):
        names = member_names(file.data)
        return any(name in names for name in _SPREADSHEETS) or b"opendocument.spreadsheet" in file.data[:100]
    return file.data.startswith(_OLE) and "Workbook".encode("utf-16-le") in file.data
