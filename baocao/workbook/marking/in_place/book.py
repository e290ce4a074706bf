"""``xl/workbook.xml``: its sheets, and a new one in front of them at which the workbook opens."""

from collections.abc import Mapping

from baocao.workbook.formats.marks import relations
from baocao.workbook.marking.in_place.elements import (
    RELATION_ID,
    Element,
    UnfitError,
    child,
    linked,
    made,
    main,
    parsed,
    put_before,
    written,
)
from baocao.workbook.marking.in_place.package import Package

PART = "xl/workbook.xml"
_RELATIONS_PART = "xl/_rels/workbook.xml.rels"
_AFTER_NAMES = (
    "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
    "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip
_UNKNOWN = ("externalReferences", "customWorkbookViews", "pivotCaches")


class BookPart:
    """The workbook's own part.

    Raises:
        UnfitError, KeyError: a sheet is no plain worksheet.
    """

    def __init__(self, package: Package) -> None:
        self._root = parsed(package[PART], "workbook")
        if any(self._root.find(main(name)) is not None for name in _UNKNOWN):
            raise UnfitError("links, views or caches")
        self._sheets = child(self._root, "sheets")
        targets = relations(package[_RELATIONS_PART])
        self.parts = {sheet.attrib["name"]: targets[sheet.attrib[RELATION_ID]] for sheet in self._sheets}
        """The part of each sheet by its title, in order."""
        is_plain = all(one.startswith("xl/worksheets/") and one in package for one in self.parts.values())
        if not is_plain or len({*self.parts.values()}) < len(self._sheets):
            raise UnfitError("a sheet that is no worksheet")

    def show(self, title: str) -> None:
        """Let a sheet be seen."""
        for sheet in self._sheets:
            if sheet.get("name") == title:
                sheet.attrib.pop("state", None)

    def open_at(self, title: str, relation: str, names: Mapping[str, str]) -> None:
        """Put a new sheet first, with its own defined names (what is printed), and let the workbook open there."""
        number = max(int(sheet.attrib["sheetId"]) for sheet in self._sheets) + 1
        self._sheets.insert(0, linked("sheet", relation, name=title, sheetId=str(number)))
        self._name(names)
        for view in self._root.iterfind(f"{main('bookViews')}/{main('workbookView')}"):
            view.set("firstSheet", "0")
            view.set("activeTab", "0")

    def _name(self, names: Mapping[str, str]) -> None:
        """Sheets are known to defined names by their places: all but ours move by one."""
        for one in self._root.iter("{*}definedName"):
            if "localSheetId" in one.attrib:
                one.set("localSheetId", str(int(one.get("localSheetId")) + 1))
        for place, (name, value) in enumerate(names.items()):
            one = made("definedName", name=f"_xlnm.{name}", localSheetId="0")
            one.text = value
            self._names().insert(place, one)

    def _names(self) -> Element:
        found = self._root.find(main("definedNames"))
        if found is None:
            found = made("definedNames")
            put_before(self._root, found, _AFTER_NAMES)
        return found

    def written(self) -> bytes:
        """The part."""
        return written(self._root)
