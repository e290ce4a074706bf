"""Texts of every kind that a unit may paste into a form («số liệu mô phỏng»), and workbooks that hold them."""

import random
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from baocao.domain.planned.form import ColumnType, Form, Sheet
from baocao.domain.planned.period import Period
from baocao.workbook.filling import Filled
from support.workbooks import samples

WORD = (
    "\uf0b7 Thiếu máy quét",
    "\uf0a7\tCông chức mới",
    "\uf0d8 Chưa kết nối",
    "\uf0fc Đề nghị bổ sung",
    "Đạt \uf0b3 90 %",
)
SIGNS = (
    "☐ ☑ → ✓ ✔ ● ■ ▪",
    "90％，（một）：hai；",
    "Tài liệu 中文 ไทย Ελληνικά Русский العربية עברית",
    "👍 😀 🇻🇳 👨\u200d👩\u200d👧 ❤\ufe0f",
)
FORBIDDEN = ("a\x00b\x01c\x0bd", "a\ufffeb\uffffc", "nul \x00", "\x1f\x7f\x85\x9f", "\u202eđảo\u2066chữ\u200f")
MARKUP = (
    '#panic("x") $x^2$ *đậm* _nghiêng_ @nhãn <nhãn> `mã` \\ // chú thích',
    "{{ 7 * 7 }} {% for x in y %} {# x #} {%p endfor %} {{ self }}",
    "<script>alert(1)</script> &amp; &#60; <!-- x --> ]]> </td></table> <img src=x onerror=alert(1)>",
    "# Tiêu đề **đậm** [liên kết](javascript:alert(1)) | cột | `mã` ~~~ ---",
    '=HYPERLINK("http://x","y")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "-2+3",
    "%s %(x)s {0} {value} {!r} ${x} $(id) `id` ; DROP TABLE report; -- ' \" \\n \\u0041",
    "_x0041_ _x000D_ 'nháy' “kép” …",
    "dòng 1\r\ndòng 2\ndòng 3\u2028dòng 4",
)
LEFT = ("\ue000 riêng", "\u0378 chưa gán", "\U0010fffd cuối")
AWKWARD = (*WORD, *SIGNS, *FORBIDDEN, *MARKUP, *LEFT)
_MOST_LETTERS = 40
_TOKEN = "zq{}qz"
_TOKENS = re.compile(rb"zq(\d+)qz")


@cache
def by_category() -> Mapping[str, list[str]]:
    """Every character that a file can hold, by its Unicode category."""
    found: dict[str, list[str]] = {}
    for code in range(sys.maxunicode + 1):
        if not 0xD800 <= code < 0xE000:
            found.setdefault(unicodedata.category(chr(code)), []).append(chr(code))
    return found


def any_text(seed: int) -> Iterator[str]:
    """Texts without an end: awkward ones, and some with a few characters of every category."""
    rnd = random.Random(seed)  # noqa: S311 - the same texts for the same seed
    categories = list(by_category().values())
    while True:
        order = list(AWKWARD)
        rnd.shuffle(order)
        for text in order:
            letters = (rnd.choice(rnd.choice(categories)) for _ in range(rnd.randint(1, _MOST_LETTERS)))
            yield from rnd.sample((text, f"chữ {''.join(letters)} hết"), 2)


class Used(list[tuple[str, str]]):
    """The texts of one workbook in order, each with its field (``tasks.lead``)."""

    def of(self, *fields: str) -> list[str]:
        """The texts of some fields (of a whole sheet by its name)."""
        return [text for field, text in self if field in fields or field.partition(".")[0] in fields]


def with_texts(form: Form, filled: Filled, texts: Iterator[str]) -> tuple[Filled, Used]:
    """The same submission with a token in every free text, and the text that stands for each token."""
    used = Used()

    def tokens(sheet: Sheet) -> dict[str, str]:
        first = len(used)
        names = [name for name in _free(sheet) if name != "email"]
        used.extend((f"{sheet.key}.{name}", next(texts)) for name in names)
        return {name: _TOKEN.format(number) for number, name in enumerate(names, start=first)}

    info = {**filled.info, **tokens(form.info)}
    tables = {
        key: {code: {**row, **tokens(form.sheet(key))} for code, row in rows.items()}
        for key, rows in filled.tables.items()
    }
    free = {key: [{**row, **tokens(form.sheet(key))} for row in rows] for key, rows in filled.free.items()}
    return replace(filled, info=info, tables=tables, free=free), used


def _free(sheet: Sheet) -> list[str]:
    return [one.key for one in sheet.columns if one.type is ColumnType.TEXT and not one.given and one.key != "task"]


def write_texts(path: Path, unit: str, period: str, texts: Iterator[str], *, asks_above: bool = False) -> Used:
    """A workbook with these texts as Word, Excel and careless programs leave them; gives them in order.

    ``asks_above``: the unit's difficulties are beyond its authority.
    """
    plan = samples.plan()
    form = plan.form_of(Period.parse(period))
    clean = samples.clean(plan, form, unit, period)
    if asks_above and "difficulties" in clean.free:
        beyond = [{**row, "is_beyond_authority": "x"} for row in clean.free["difficulties"]]
        clean = replace(clean, free={**clean.free, "difficulties": beyond})
    filled, used = with_texts(form, clean, texts)
    samples.write_filled(path, plan, unit, period, filled)
    with ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, _TOKENS.sub(lambda found: as_xml(used[int(found[1])][1]), data))
    return used


def as_xml(text: str) -> bytes:
    """A text as Excel writes it: control characters escaped; noncharacters stand as they are, as other programs do."""
    text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return re.sub(r"[\x00-\x08\x0b-\x1f]", lambda found: f"_x{ord(found[0]):04X}_", escape(text)).encode("utf-8")
