"""The machine itself: Python, packages, fonts, LibreOffice, clock and time zone."""

import shutil
import sys
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from matplotlib.ft2font import FT2Font
from packaging.requirements import Requirement

from baocao.domain.planned.plan import Plan
from baocao.operations.doctor.check import Diagnosis, Subject

OLDEST_PYTHON = (3, 11)
_SHOWN = ("prefect", "great-expectations", "pandas", "sqlalchemy")
_FALLBACKS = ("DejaVu", "NotoEmoji", "DroidSansFallback")  # for signs and other scripts
_FONTS = Path(__file__).parents[2] / "render" / "fonts"
_PYTHON = Subject("python", "Python")
_PACKAGES = Subject("packages", "Thư viện")
_FONT = Subject("fonts", "Phông chữ có dấu")
_LIBREOFFICE = Subject("libreoffice", "LibreOffice")
_CLOCK = Subject("clock", "Đồng hồ")
_ZONE = Subject("time_zone", "Múi giờ")
_SYNC = "Đặt lại đồng hồ: timedatectl set-ntp true"


def check_python() -> Diagnosis:
    """Whether this Python is new enough."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return _PYTHON.misconfigured(version, "Cài Python 3.11 trở lên rồi chạy: make setup")
    return _PYTHON.ok(version)


def check_packages() -> Diagnosis:
    """Whether every package that we need is installed in a version that we work with."""
    wrong = []
    for text in metadata.requires("baocao") or ():
        needed = Requirement(text)
        if needed.marker is not None and not needed.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(needed.name)
        except metadata.PackageNotFoundError:
            wrong.append(f"thiếu {needed.name}")
        else:
            if not needed.specifier.contains(version, prereleases=True):
                wrong.append(f"{needed.name} {version} (cần {needed.specifier})")
    if wrong:
        return _PACKAGES.misconfigured("; ".join(wrong), "Cài lại thư viện: make setup")
    return _PACKAGES.ok(", ".join(f"{name} {metadata.version(name)}" for name in _SHOWN))


def vietnamese_letters() -> str:
    """Every letter of Vietnamese that ASCII lacks, in both cases."""
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    vowels = [unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in tones]
    letters = [letter for letter in vowels if not letter.isascii()] + ["đ"]
    return "".join(letters + [letter.upper() for letter in letters])


def check_fonts(folder: Path = _FONTS) -> Iterator[Diagnosis]:
    """Whether the fonts of charts and PDF are there and have every Vietnamese letter."""
    faces = sorted(path for path in folder.glob("*.ttf") if not path.name.startswith(_FALLBACKS))
    lacking = []
    for face in faces:
        known = FT2Font(str(face)).get_charmap()
        if missing := [letter for letter in vietnamese_letters() if ord(letter) not in known]:
            lacking.append(f"{face.name} thiếu {''.join(missing[:10])}")
    remedy = "Cài lại chương trình; các phông Tinos, Arimo đi kèm trong baocao/render/fonts"
    if lacking or not faces:
        yield _FONT.misconfigured("; ".join(lacking) or f"không có phông nào trong {folder}", remedy)
    else:
        yield _FONT.ok(
            f"{', '.join(face.stem for face in faces)} (PDF, biểu đồ); Word dùng Times New Roman của máy đọc"
        )


def check_libreoffice() -> Diagnosis:
    """LibreOffice is of use for looking at files; nothing needs it."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return _LIBREOFFICE.ok(found or "không có; không bắt buộc")


def check_clock(now: datetime) -> Diagnosis:
    """Whether the clock can be right: not before this program was installed, and in this century."""
    installed = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    shown = f"{now.astimezone(UTC):%d/%m/%Y %H:%M} UTC"
    if now < installed - timedelta(days=1) or now.year >= 2100:
        detail = f"{shown}; chương trình được cài lúc {installed:%d/%m/%Y %H:%M} UTC"
        return _CLOCK.misconfigured(detail, _SYNC)
    return _CLOCK.ok(shown)


def check_zone(plan: Plan, now: datetime) -> Diagnosis:
    """Whether the plan's time zone is known here."""
    name = plan.calendar.timezone
    try:
        local = now.astimezone(ZoneInfo(name))
    except ZoneInfoNotFoundError:
        return _ZONE.misconfigured(f"không có dữ liệu múi giờ {name}", "Cài gói tzdata: apt-get install tzdata")
    return _ZONE.ok(f"{name}: {local:%d/%m/%Y %H:%M} (UTC{local:%z})")
