"""Parts of a package as trees of elements: no entities, no network, and what is put in stands in the schema's order."""

from collections.abc import Collection
from typing import Any

from lxml import etree

Element = Any
"""An element of lxml, which has no types of its own."""
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATION_ID = f"{{{RELATIONS}}}id"


class UnfitError(Exception):
    """The workbook is not surely of the kind whose parts are changed in place."""


def main(name: str) -> str:
    """The name in the namespace of spreadsheets."""
    return f"{{{MAIN}}}{name}"


def parsed(part: bytes, name: str) -> Element:
    """The root of a part.

    Raises:
        UnfitError: it is another element. lxml.etree.XMLSyntaxError: it is broken.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(part, parser)
    if root.tag != main(name):
        raise UnfitError(f"{root.tag} in place of {name}")
    return root


def written(root: Element) -> bytes:
    """The part of a root."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def child(parent: Element, name: str) -> Element:
    """The child of this name.

    Raises:
        UnfitError: there is none.
    """
    found = parent.find(main(name))
    if found is None:
        raise UnfitError(f"no {name}")
    return found


def made(name: str, /, **attributes: str) -> Element:
    """A new element of the namespace of spreadsheets."""
    return etree.Element(main(name), attributes, nsmap={None: MAIN})


def linked(name: str, relation: str, /, **attributes: str) -> Element:
    """A new element that stands for another part, by the id of its relation."""
    element = etree.Element(main(name), attributes, nsmap={None: MAIN, "r": RELATIONS})
    element.set(RELATION_ID, relation)
    return element


def named(tree: Element) -> Element:
    """What openpyxl made without a namespace, in that of spreadsheets."""
    for one in tree.iter():
        one.tag = main(one.tag)
    return tree


def put_before(parent: Element, element: Element, followers: Collection[str]) -> None:
    """Put a child before the first of those that the schema lets follow it; at the end where none is there."""
    after = {main(name) for name in followers}
    places = (place for place, one in enumerate(parent) if one.tag in after)
    parent.insert(next(places, len(parent)), element)
