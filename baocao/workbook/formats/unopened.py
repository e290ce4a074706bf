"""Parts of a package that no parser opens, such as Power Query's: they may be in any encoding, and are set aside.

A part is unopened only where its folder says so *and* nothing in the package names it as something that is opened.
"""

import posixpath
from collections.abc import Iterator, Mapping
from urllib.parse import unquote
from xml.parsers import expat

from baocao.workbook.formats.sheetxml import UnsafeXmlError, local, make_parser

_FOLDERS = ("customxml/", "customui/", "docmetadata/", "userfolder/")
_LINKS = ("/customXml", "/customXmlProps", "/extensibility", "/classificationlabels")
"""The last piece of the relationship types that no parser follows."""
_PLAIN_TYPES = ("application/xml", "application/vnd.openxmlformats-officedocument.customXmlProperties+xml")


def unopened(parts: Mapping[str, bytes]) -> frozenset[str]:
    """The names of the parts that no parser opens."""
    aside = {name for name in parts if name.casefold().startswith(_FOLDERS)}
    if not aside:
        return frozenset()
    try:
        named = {target for name, part in parts.items() for target in _named(name, part)}
    except (expat.ExpatError, UnsafeXmlError):
        return frozenset()
    return frozenset(name for name in aside if name.casefold() not in named)


def _named(name: str, part: bytes) -> Iterator[str]:
    """The parts (folded names) that this one names as something that a parser may open."""
    lower = name.casefold()
    if lower == "[content_types].xml":
        for tag, attributes in _elements(part):
            if tag == "Override" and attributes.get("ContentType") not in _PLAIN_TYPES:
                yield from _spellings("", attributes.get("PartName", ""))
    elif lower.endswith(".rels") and not lower.startswith(_FOLDERS):
        folder = posixpath.dirname(posixpath.dirname(name))
        for tag, attributes in _elements(part):
            if tag == "Relationship" and not attributes.get("Type", "").endswith(_LINKS):
                yield from _spellings(folder, attributes.get("Target", ""))


def _spellings(folder: str, target: str) -> Iterator[str]:
    """A target from its folder and from the root, as it stands and decoded: parsers differ."""
    for text in (target, unquote(target)):
        plain = text.replace("\\", "/")
        for base in (folder, "", "xl"):
            yield posixpath.normpath(posixpath.join("/", base, plain)).lstrip("/").casefold()


def _elements(part: bytes) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    parser = make_parser()
    parser.StartElementHandler = lambda tag, attributes: found.append((local(tag), attributes))
    parser.Parse(part, True)
    return found
