"""The pictures of the README, made from a replay of the plan («số liệu mô phỏng») into ``docs/images/``.

Run: ``make screenshots``, or ``python -m tools.screenshots --home DIR`` on a home that an earlier run has kept. Needs
Chromium, LibreOffice and pdftoppm.
"""

import argparse
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image

from baocao.domain.planned.period import Period
from baocao.plan.loading import load_plan
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.occasion import NOTHING_KNOWN
from deployments.replay import replay
from tools.browser import Browser, Visit

IMAGES = Path(__file__).parents[1] / "docs" / "images"
STOP = datetime(2022, 12, 26, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
PERIOD = Period(2022, 11)
MOST_BYTES = 150_000
_COLOURS = (128, 64, 32, 16)


def main() -> None:
    """Replay, then take every picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="a replayed home; without it the plan is replayed first")
    home = parser.parse_args().home
    with tempfile.TemporaryDirectory() as work:
        if home is None:
            home = Path(work) / "home"
            replay(home, STOP)
        take(home, Path(work))


def take(home: Path, work: Path) -> None:
    """Take every picture of a replayed home; ``work`` is for what is made on the way."""
    site, report = home / "site", home / "reports" / str(PERIOD) / "v1"
    units = load_plan(home / "plan").units
    with Browser() as browser:
        with browser.open(site / "index.html", 1200) as visit:
            save("trang-tin", visit.picture(1000))
        with browser.open(site / "index.html", 390) as visit:
            save("trang-tin-dien-thoai", visit.picture(1100))
        with browser.open(site / "chi-tieu.html", 1200) as visit:
            save("chi-tieu", _from(visit, "section.indicators", 1000))
        with browser.open(site / "don-vi" / f"{units[1].code}.html", 1200) as visit:
            save("don-vi", visit.picture(1000))
        with browser.open(report / "thu.html", 700) as visit:
            save("thu", visit.picture(1100))
    save("bao-cao", _page(report / "bao-cao.pdf", work))
    save("bieu-mau", _form(home, work))


def _from(visit: Visit, selector: str, height: int) -> bytes:
    """The page from an element down."""
    return visit.picture(
        height, top=visit.evaluate(f"document.querySelector('{selector}').getBoundingClientRect().top")
    )


def _form(home: Path, work: Path) -> bytes:
    """The blank form's sheet of indicators, as LibreOffice prints it."""
    plan = load_plan(home / "plan")
    path = work / "bieu-mau.xlsx"
    write_blank(plan, plan.form_of(PERIOD), plan.units[1], PERIOD, NOTHING_KNOWN, path)
    profile = f"-env:UserInstallation={(work / 'office').as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(work), str(path)]
    subprocess.run(convert, check=True, capture_output=True, timeout=180)  # noqa: S603 - our own command
    in_no_guidance = plan.form_of(PERIOD).sheet("figures").column("previous_pct").header.partition(" (")[0]
    return _page(work / "bieu-mau.pdf", work, in_no_guidance)


def _page(path: Path, work: Path, text: str = "") -> bytes:
    """The first page of a PDF on which this text stands, as PNG."""
    target = work / f"trang-{path.stem}"
    command = ["pdftotext", str(path), "-"]
    told = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode()  # noqa: S603 - our own command
    number = str(next(place for place, page in enumerate(told.split("\f"), start=1) if text in page))
    command = ["pdftoppm", "-png", "-r", "90", "-f", number, "-l", number, "-singlefile", str(path), str(target)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)  # noqa: S603 - our own command
    return target.with_suffix(".png").read_bytes()


def save(name: str, picture: bytes) -> None:
    """Save a picture with as few colours as keep it small.

    Raises:
        ValueError: it stays too big.
    """
    IMAGES.mkdir(parents=True, exist_ok=True)
    for content in _smaller(picture):
        if len(content) <= MOST_BYTES:
            (IMAGES / f"{name}.png").write_bytes(content)
            print(f"{name}.png {len(content) // 1000} kB")
            return
    raise ValueError(f"{name}: more than {MOST_BYTES} bytes")


def _smaller(picture: bytes) -> Iterator[bytes]:
    image = Image.open(BytesIO(picture)).convert("RGB")
    for colours in _COLOURS:
        target = BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(target, "PNG", optimize=True)
        yield target.getvalue()


if __name__ == "__main__":
    main()
