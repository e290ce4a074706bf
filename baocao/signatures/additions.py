"""What was added to our document on its way: signatures and nothing else.

pyHanko's own comparison of revisions asks for a form in the first one, which a report without a signature has not.
"""

from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, Reference
from pyhanko.pdf_utils.reader import PdfFileReader

_IN_CATALOG = frozenset({"/AcroForm", "/DSS", "/Extensions", "/Version", "/Metadata", "/Perms"})
_FIELDS, _ANNOTATIONS = "/Fields", "/Annots"
_IN_FORM, _ON_PAGE = frozenset({_FIELDS, "/SigFlags", "/DR", "/DA"}), frozenset({_ANNOTATIONS})


def is_only_signed(reader: PdfFileReader, own: int) -> bool:
    """Whether, after our ``own`` revisions, pages and their content are as they were, and got signature fields alone.

    Of our objects only the catalog, the pages (their annotations), and what tells of the document may be written anew.
    """
    before: Any = reader.get_historical_resolver(own - 1)
    after: Any = reader
    ours = _refs(reader, range(own))
    later = range(own, reader.xrefs.total_revisions)
    if any(reader.xrefs.refs_freed_in_revision(one) for one in later):
        return False
    changed = (_refs(reader, later) & ours) - _about(reader.trailer, "/Info") - _about(before.root, "/Metadata")
    return all(
        _is_sound(before.get_object(ref), after.get_object(ref), is_root=ref == reader.root_ref) for ref in changed
    )


def _about(one: Any, name: str) -> set[Reference]:
    """The object that tells of the document, which signing tools bring up to date."""
    return {one.raw_get(name).reference} if name in one and hasattr(one.raw_get(name), "reference") else set()


def _is_sound(old: Any, new: Any, *, is_root: bool) -> bool:
    if is_root:
        return _is_same(old, new, _IN_CATALOG)
    if isinstance(old, ArrayObject):  # of fields, or of a page's annotations
        return _has_only_fields_more(old, new)
    if not isinstance(old, DictionaryObject):
        return False
    listed, other = (_FIELDS, _IN_FORM) if _FIELDS in old else (_ANNOTATIONS, _ON_PAGE)
    is_known = _FIELDS in old or old.get("/Type") == "/Page"
    return is_known and _is_same(old, new, other) and _has_only_fields_more(old.get(listed, ()), new.get(listed, ()))


def _refs(reader: PdfFileReader, revisions: range) -> set[Reference]:
    return {ref for revision in revisions for ref in reader.xrefs.explicit_refs_in_revision(revision)}


def _is_same(old: Any, new: Any, besides: frozenset[str]) -> bool:
    if not hasattr(new, "raw_get"):
        return False
    names = (set(old) | set(new)) - besides
    return all(name in old and name in new and old.raw_get(name) == new.raw_get(name) for name in names)


def _has_only_fields_more(old: Any, new: Any) -> bool:
    """Whether a list of annotations or fields is as it was, with signature fields alone behind it."""
    before, after = list(old), list(new)
    return after[: len(before)] == before and all(_is_signature(one) for one in after[len(before) :])


def _is_signature(item: Any) -> bool:
    one = item.get_object()
    return bool(one.get("/FT", one.get("/Parent", {}).get("/FT")) == "/Sig")
