"""The site in headless Chromium, from disk: nothing on the console, nothing from outside, nothing cut off."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from support.reports.site import clock, filled_home
from support.workbooks.content import PLAN

from baocao.site import build_site
from tools.browser import CHROMIUM, Browser, Visit

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")]
WIDTHS = {"a phone": (390,), "a window that is drawn wider": (800, 970, 1440)}
PAGES = (
    "index.html",
    "chi-tieu.html",
    "bao-cao.html",
    "lich.html",
    "don-vi/SCT.html",
    f"don-vi/{PLAN.units[-1].code}.html",  # whose last month is missing
)

TWO_FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

# The lowest contrast (WCAG 2.1, 1.4.3) of any text against the ground it stands on, with the text.
CONTRAST = """
(() => {
  const linear = (share) => (share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
  const channel = (value) => linear(value / 255);
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = parse(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  let worst = [99, ""];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || node.closest("script") || !node.getClientRects().length) continue;
    const [a, b] = [light(parse(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < worst[0]) worst = [ratio, walker.currentNode.data.trim()];
  }
  return worst;
})()
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = filled_home(tmp_path_factory.mktemp("home"), PLAN.model_copy(update={"is_sample": True}))
    return build_site(home, clock(2022, 12, 21)).parent


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as opened:
        yield opened


@pytest.fixture
def indicators(site: Path, browser: Browser) -> Iterator[Visit]:
    with browser.open(site / "chi-tieu.html", 1440) as visit:
        yield visit


@pytest.mark.parametrize("name", PAGES)
def test_nothing_on_the_console_nothing_from_outside_nothing_cut_off(site: Path, browser: Browser, name: str) -> None:
    for widths in WIDTHS.values():
        with browser.open(site / name, widths[0]) as visit:
            for width in widths:
                visit.page.set_viewport_size({"width": width, "height": 900})
                visit.evaluate(TWO_FRAMES)
                assert visit.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
            assert visit.errors == []
            assert [url for url in visit.requests if not url.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("name", ["index.html", "chi-tieu.html", "lich.html", "don-vi/SCT.html"])
@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_every_text_stands_out_from_its_ground(site: Path, browser: Browser, name: str, is_dark: bool) -> None:
    with browser.open(site / name, 1440, is_dark=is_dark) as visit:
        ratio, text = visit.evaluate(CONTRAST)
        assert ratio >= 4.5, f"{name}: {text}"


def test_the_policy_keeps_outside_hosts_out(site: Path, browser: Browser) -> None:
    with browser.open(site / "index.html", 1440) as visit:
        asked = "fetch('http://127.0.0.1:9/').then(() => 'let through', () => 'kept out')"
        assert visit.evaluate(asked) == "kept out"
        assert any("Content Security Policy" in error for error in visit.errors)
        visit.errors.clear()
        visit.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x.png'}))")
        visit.evaluate("new Promise(done => setTimeout(done, 200))")
        assert any("Content Security Policy" in error for error in visit.errors)


def test_charts_are_drawn_and_their_lines_can_be_chosen(indicators: Visit) -> None:
    charts = indicators.evaluate("document.querySelectorAll('.chart').length")
    assert charts > len(PLAN.indicators) - 3
    assert indicators.evaluate("document.querySelectorAll('.chart canvas').length") == charts
    shown = "[...document.querySelectorAll('#bieu-do-A1 .u-series:not(.u-off) .u-label')].map(e => e.textContent)"
    before = indicators.evaluate(shown)
    assert PLAN.units[1].name in before
    indicators.evaluate(f"document.querySelector('#chon-duong input[value={PLAN.units[1].code}]').click()")
    assert indicators.evaluate(shown) == [name for name in before if name != PLAN.units[1].name]


def test_a_chart_tells_the_month_under_the_pointer(indicators: Visit) -> None:
    legend = "document.querySelector('#bieu-do-A1 .u-legend').innerText"
    assert "12/2022" in indicators.evaluate(legend)
    indicators.evaluate("document.querySelector('#bieu-do-A1').scrollIntoView({block: 'center'})")
    box = indicators.evaluate(
        "(({x, y}) => [x, y])(document.querySelector('#bieu-do-A1 .u-over').getBoundingClientRect())"
    )
    for step in (20, 25):
        indicators.page.mouse.move(box[0] + step, box[1] + 40)
    indicators.evaluate(TWO_FRAMES)
    told = indicators.evaluate(legend)
    assert "09/2022" in told
    assert "40%" in told


def test_the_keyboard_reaches_the_content_first(site: Path, browser: Browser) -> None:
    with browser.open(site / "index.html", 1440) as visit:
        visit.page.keyboard.press("Tab")
        focused = "(({className, offsetLeft}) => [className, offsetLeft])(document.activeElement)"
        assert visit.evaluate(focused) == ["skip", 0]


def test_without_scripts_the_tables_are_still_there(site: Path, browser: Browser) -> None:
    with browser.open(site / "chi-tieu.html", 390, has_scripts=False) as visit:
        assert visit.evaluate("document.querySelectorAll('canvas').length") == 0
        assert visit.evaluate("document.querySelectorAll('details table').length") > len(PLAN.indicators)
        assert visit.evaluate("document.querySelector('#chon-duong').hidden")


def test_the_pages_print_on_a4(site: Path, browser: Browser) -> None:
    for name in ("index.html", "chi-tieu.html", "don-vi/SCT.html"):
        with browser.open(site / name, 1440) as visit:
            printed = visit.page.pdf(prefer_css_page_size=True)
        with pypdfium2.PdfDocument(printed) as document:
            assert {tuple(round(side) for side in sheet.get_size()) for sheet in document} == {(595, 842)}
