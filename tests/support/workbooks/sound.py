"""What Excel, which cannot be asked here, is strict about in a package: order, counts, references, content types."""

import posixpath
from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

from lxml import etree

_SHEET = """
    sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios
    autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations
    hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches
    ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls webPublishItems
    tableParts extLst"""
_BOOK = """
    fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences
    definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing fileRecoveryPr
    webPublishObjects extLst"""
_STYLES = "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst"
_ORDERS = {"worksheet": _SHEET, "workbook": _BOOK, "styleSheet": _STYLES, "xf": "alignment protection extLst"}
_COUNTED = ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "dxfs")
_REFERRED = {"fontId": "fonts", "fillId": "fills", "borderId": "borders", "xfId": "cellStyleXfs"}
"""Attributes of a look in ``cellXfs``, and where their indices lead."""


def assert_sound(data: bytes) -> None:
    """A package that Excel opens without repairing it, as far as can be told without Excel."""
    with ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert len({*archive.namelist()}) == len(archive.namelist())
        trees = {name: etree.fromstring(archive.read(name)) for name in archive.namelist() if not name.endswith(".bin")}
    for tree in trees.values():
        for element in tree.iter():
            if (order := _ORDERS.get(_local(element))) is not None:
                _assert_ordered(element, order.split())
    _assert_declared(trees)
    _assert_related(trees)
    sizes = _sizes(trees["xl/styles.xml"])
    for name, tree in trees.items():
        if _local(tree) == "worksheet":
            _assert_sheet(name, tree, sizes)


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _assert_ordered(element: etree._Element, order: list[str]) -> None:
    names = [_local(one) for one in element if _local(one) != "AlternateContent"]
    assert names == sorted(names, key=order.index)
    many = {name for name in names if names.count(name) > 1}
    assert many <= {"conditionalFormatting"}


def _assert_declared(trees: dict[str, etree._Element]) -> None:
    types = trees["[Content_Types].xml"]
    overrides = [one.get("PartName") for one in types if _local(one) == "Override"]
    defaults = [one.get("Extension") for one in types if _local(one) == "Default"]
    assert len({*overrides}) == len(overrides)
    assert len({*defaults}) == len(defaults)
    assert {name.lstrip("/") for name in overrides} <= trees.keys()
    for name in trees:
        assert f"/{name}" in overrides or name.rpartition(".")[2] in defaults, name


def _assert_related(trees: dict[str, etree._Element]) -> None:
    for name, tree in trees.items():
        if not name.endswith(".rels"):
            continue
        folder = posixpath.dirname(posixpath.dirname(name))
        ids = [one.get("Id") for one in tree]
        assert len({*ids}) == len(ids), name
        for one in tree:
            if one.get("TargetMode") != "External" and not one.get("Target").endswith(".bin"):
                assert posixpath.normpath(posixpath.join("/", folder, one.get("Target"))).lstrip("/") in trees, name
        source = trees.get(f"{folder}/{posixpath.basename(name).removesuffix('.rels')}")
        used = (
            {value for one in source.iter() for key, value in one.attrib.items() if key.endswith("}id")}
            if source is not None
            else set()
        )
        assert used <= {*ids}, name


def _sizes(styles: etree._Element) -> dict[str, int]:
    groups = {_local(group): group for group in styles}
    for name in _COUNTED:
        if name in groups:
            assert groups[name].get("count") in (None, str(len(groups[name]))), name
    sizes = {name: len(group) for name, group in groups.items()}
    for xf in groups["cellXfs"]:
        for attribute, group in _REFERRED.items():
            assert int(xf.get(attribute, "0")) < sizes[group], attribute
    return sizes


def _assert_sheet(name: str, tree: etree._Element, sizes: dict[str, int]) -> None:
    rows = tree.findall("{*}sheetData/{*}row")
    assert all(int(one.get("r")) < int(following.get("r")) for one, following in pairwise(rows)), name
    for row in rows:
        places = [(len(cell.get("r")), cell.get("r")) for cell in row]
        assert places == sorted({*places}), name
        assert all(int(cell.get("s", "0")) < sizes["cellXfs"] for cell in row), name
    rules = tree.findall("{*}conditionalFormatting/{*}cfRule")
    assert all(int(rule.get("dxfId", "0")) < sizes.get("dxfs", 1) for rule in rules), name
    priorities = [rule.get("priority") for rule in rules]
    assert len({*priorities}) == len(priorities), name
