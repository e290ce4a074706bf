"""The static site says what is stored, links to what is there, and lets no text of a workbook be anything but text."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

import pytest
from support import ROOT
from support.reports.site import FILES, HOSTILE, MONTHS, clock, empty_home, filled_home, many_units, month, publish
from support.stores.facts import submit
from support.workbooks.content import PLAN

from baocao.domain.planned.period import Period
from baocao.domain.received.submission import UnitState
from baocao.domain.reported.progress import UnitFigure
from baocao.domain.wording import percent_text
from baocao.oversight.status import period_status
from baocao.site import build_site
from baocao.site.facts import MOST_UNITS
from baocao.site.unit.tables import figure_table
from baocao.site.units import UnitMonth
from baocao.store import reports
from baocao.store.engine.database import writing
from baocao.system.errors import UsageError
from baocao.workspace.workspace import Workspace

NOW = clock(2022, 12, 21)


class Reader(HTMLParser):
    """What a page is made of: its links, its anchors, its elements with their attributes, its text by element."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.rows: list[list[str]] = []
        self.data: dict[str, dict[str, object]] = {}
        self._open: str | None = None
        self._is_in_cell = False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.elements.append((tag, known))
        self.links += [known[name] for name in ("href", "src") if name in known]
        if "id" in known:
            self.anchors.add(known["id"])
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self._is_in_cell = True
        self._open = known.get("data-for") if tag == "script" else None

    def handle_endtag(self, tag: str) -> None:
        self._is_in_cell = self._is_in_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._open:
            self.data[self._open], self._open = json.loads(data), None
        elif self._is_in_cell:
            self.rows[-1][-1] = f"{self.rows[-1][-1]} {data.strip()}".strip()

    def count(self, tag: str, **attributes: str) -> int:
        return sum(name == tag and attributes.items() <= known.items() for name, known in self.elements)

    def row(self, start: str) -> list[str]:
        return next(row for row in self.rows if row and row[0].startswith(start))


@pytest.fixture
def home(tmp_path: Path) -> Workspace:
    return filled_home(tmp_path / "home")


def pages(folder: Path) -> dict[str, Reader]:
    return {path.relative_to(folder).as_posix(): Reader(path) for path in sorted(folder.rglob("*.html"))}


def test_every_link_leads_to_what_is_there_and_none_leads_outside(home: Workspace) -> None:
    folder = build_site(home, NOW).parent
    found = pages(folder)
    assert {f"don-vi/{unit.code}.html" for unit in PLAN.units} < set(found)
    checked = 0
    for name, page in found.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme == "data":
                continue
            assert (parts.scheme, parts.netloc) == ("", ""), f"{name}: {link} leads outside"
            target = folder / name if not parts.path else (folder / name).parent / unquote(parts.path)
            assert target.is_file(), f"{name}: {link} leads nowhere"
            if parts.fragment:
                other = found[target.resolve().relative_to(folder.resolve()).as_posix()]
                assert parts.fragment in other.anchors, f"{name}: {link} has no anchor"
            checked += 1
    assert checked > 100


def test_pages_are_in_vietnamese_with_one_heading_landmarks_and_named_tables(home: Workspace) -> None:
    for name, page in pages(build_site(home, NOW).parent).items():
        assert page.count("html", lang="vi") == 1, name
        assert [page.count(tag) for tag in ("h1", "main", "header", "footer", "title")] == [1, 1, 1, 1, 1], name
        assert page.count("nav") >= 1, name
        assert page.count("a", **{"class": "skip", "href": "#noi-dung"}) == 1, name
        policy = next(known["content"] for tag, known in page.elements if known.get("http-equiv"))
        assert "default-src 'none'" in policy
        assert "http" not in policy
        assert page.count("caption") == page.count("table"), name
        assert all("scope" in known for tag, known in page.elements if tag == "th"), name
        assert not [known for _, known in page.elements if "style" in known or any(a.startswith("on") for a in known)]


def test_the_board_tells_what_the_status_tells(home: Workspace) -> None:
    board = Reader(build_site(home, NOW))
    status = period_status(home, MONTHS[-1], NOW)
    assert {unit.state for unit in status.units} == {UnitState.ACCEPTED, UnitState.MISSING}
    for unit in status.units:
        row = board.row(unit.name)
        assert row[1:3] == [unit.state.label, unit.timeliness.label]
        assert row[4] == str(unit.version or "")
    text = (home.home / "site" / "index.html").read_text(encoding="utf-8")
    assert "<strong>2/3</strong>" in text
    assert "66,67%" in text or "66,7%" in text
    assert "Tình hình báo cáo tháng 12 năm 2022" in text


def test_figures_are_sums_of_the_units_and_charts_say_what_their_tables_say(tmp_path: Path) -> None:
    home = empty_home(tmp_path / "home")
    first, second = PLAN.units[0].code, PLAN.units[1].code
    submit(home.engine, month(PLAN, first, MONTHS[0], 0, {"A1": (30, 40), "A3": (0, 0)}))
    submit(home.engine, month(PLAN, second, MONTHS[0], 0, {"A1": (1, 60), "A3": (0, 0)}))
    page = Reader(build_site(home, clock(2022, 9, 21)).parent / "chi-tieu.html")
    assert page.row("A1")[1:4] == ["100%", "31% 31/100", "Chưa đạt chưa gồm Sở Nội vụ"]
    assert page.row("A3")[2:4] == ["Không phát sinh", "Không phát sinh chưa gồm Sở Nội vụ"]
    chart = page.data["bieu-do-A1"]
    lines = {line["name"]: (line["values"][0], line["texts"][0]) for line in chart["lines"]}  # type: ignore[attr-defined]
    assert lines["Toàn thí điểm"] == (31.0, "31%")
    assert lines[PLAN.units[0].name] == (75.0, "75%")
    assert lines[PLAN.units[2].name] == (None, "Chưa có số liệu")
    assert page.row("09/2022") == ["09/2022 2/3 đơn vị", *[text for _, text in lines.values()]]


def test_a_ratio_never_shows_as_a_target_that_it_misses(tmp_path: Path) -> None:
    home = empty_home(tmp_path / "home")
    submit(home.engine, month(PLAN, PLAN.units[0].code, MONTHS[0], 0, {"A1": (2499, 2500)}))
    page = Reader(build_site(home, clock(2022, 9, 21)).parent / "chi-tieu.html")
    verdict = "Chưa đạt chưa gồm Sở Công Thương và Sở Nội vụ"
    assert page.row("A1")[2:4] == [f"{percent_text(99.96)} 2.499/2.500", verdict]
    assert percent_text(99.96) == "99,9%"


@pytest.mark.slow
def test_the_forecast_is_told_once_there_are_three_months(home: Workspace) -> None:
    folder = build_site(home, NOW).parent
    text = (folder / "chi-tieu.html").read_text(encoding="utf-8")
    assert "nếu giữ đà hiện nay, đến kỳ 02/2023" in text
    assert Reader(folder / "chi-tieu.html").data["bieu-do-A1"]["ahead"]
    early = Reader(build_site(home, clock(2022, 10, 21)).parent / "chi-tieu.html")
    assert early.data["bieu-do-A1"]["ahead"] is None


def test_a_units_page_tells_versions_verdicts_findings_figures_tasks_and_difficulties(home: Workspace) -> None:
    unit = PLAN.units[1]
    folder = build_site(home, NOW).parent
    page = Reader(folder / "don-vi" / f"{unit.code}.html")
    versions = [row for row in page.rows if row and row[0] == "10/2022"]
    assert [(row[1], row[4], row[6]) for row in versions] == [("2", "Chấp nhận", "0"), ("1", "Trả lại", "1")]
    build_site(home, clock(2023, 1, 4))
    silent = Reader(folder / "don-vi" / f"{PLAN.units[-1].code}.html")
    first, second = [row for row in silent.rows if row and row[0] in ("12/2022", "11/2022")][:2]
    assert (first[0], first[1:3], first[4]) == ("12/2022", ["", ""], "Không nộp")
    assert second[0] == "11/2022"
    assert page.row("Chỉ tiêu!D8")[1] == "Lỗi"
    assert not [known for tag, known in page.elements if tag == "details" and "open" in known], "đã nộp lại"
    assert page.row("A1")[1:5] == ["100%", "70% 70/100", "Chưa đạt", "+10 điểm phần trăm"]
    assert page.row(PLAN.unit_tasks[0].verbatim[:20])[3:5] == ["Hoàn thành", "100%"]
    assert any("Vượt thẩm quyền" in row[0] for row in page.rows if row)


def test_texts_of_workbooks_are_only_texts(home: Workspace) -> None:
    folder = build_site(home, NOW).parent
    for name, page in pages(folder).items():
        sources = [known.get("src") or known.get("type") for tag, known in page.elements if tag == "script"]
        assert all(source and ("static/" in source or source == "application/json") for source in sources), name
    text = (folder / "don-vi" / f"{PLAN.units[0].code}.html").read_text(encoding="utf-8")
    assert HOSTILE not in text
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &#34;nháy&#34;" in text


def test_reports_are_linked_once_they_are_out_and_restatements_are_marked(home: Workspace) -> None:
    with writing(home.engine) as connection:
        reports.prepare(connection, "thang", MONTHS[-1], "anders", NOW.now)
    folder = build_site(home, NOW).parent
    page, text = Reader(folder / "bao-cao.html"), (folder / "bao-cao.html").read_text(encoding="utf-8")
    for version in (1, 2):
        assert {f"../reports/2022-10/v{version}/{name}" for name in FILES} <= set(page.links)
    assert text.count('<span class="mark warn">Đính chính lần 1</span>') == 2, "một bản đã phát hành, một bản đang dựng"
    assert page.row("A1")[2:] == ["80/100 (80%)", "90/100 (90%)"]
    assert "../reports/2022-12/v1/bao-cao.pdf" in page.links
    assert not [link for link in page.links if "2022-12/v2" in link]
    assert "Đang dựng" in text


def test_the_calendar_knows_what_is_done(home: Workspace) -> None:
    text = (build_site(home, clock(2022, 12, 19)).parent / "lich.html").read_text(encoding="utf-8")
    november, december, january = (re.split(r'<h2 id="ky-', text)[place] for place in (4, 5, 6))
    assert november.startswith("2022-11")
    assert "Đã xong</span>: gửi lúc" in november
    assert "Kỳ hiện nay" in december
    assert december.count('class="ahead"') == 1, "hạn nộp chưa đến; báo cáo đã gửi trong dữ liệu mẫu"
    assert january.count('class="ahead"') == 5
    assert "Từ tháng 01/9/2022 đến 28/2/2023" in text


@pytest.mark.slow
def test_the_same_facts_at_the_same_moment_give_the_same_bytes(home: Workspace) -> None:
    folder = build_site(home, NOW).parent
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    (folder / "cu.html").write_text("cũ", encoding="utf-8")
    build_site(home, NOW)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert not [path.name for path in home.home.iterdir() if path.name.startswith(".site")]


def test_before_anything_is_known_the_site_says_so(tmp_path: Path) -> None:
    home = empty_home(tmp_path / "home")
    folder = build_site(home, clock(2022, 7, 1)).parent
    assert "Chưa có số liệu nào được chấp nhận" in (folder / "chi-tieu.html").read_text(encoding="utf-8")
    assert "Chưa có báo cáo nào" in (folder / "bao-cao.html").read_text(encoding="utf-8")
    assert "Đơn vị chưa nộp báo cáo nào" in (folder / "don-vi" / "SCT.html").read_text(encoding="utf-8")


def test_sample_plans_are_marked_on_every_page(tmp_path: Path) -> None:
    home = empty_home(tmp_path / "home", PLAN.model_copy(update={"is_sample": True}))
    for path in build_site(home, NOW).parent.rglob("*.html"):
        assert "Số liệu mô phỏng" in path.read_text(encoding="utf-8")


@pytest.mark.slow
def test_of_very_many_units_those_that_need_a_look_and_those_asked_for_have_pages(tmp_path: Path) -> None:
    plan = many_units(300).model_copy(update={"phase": "đợt nhân rộng"})
    home = empty_home(tmp_path / "home", plan)
    for unit in plan.units[:150]:
        submit(home.engine, month(plan, unit.code, MONTHS[0], 0))
    asked = plan.units[149].code
    folder = build_site(home, clock(2022, 9, 12), [asked]).parent
    units = {path.stem for path in (folder / "don-vi").iterdir()}
    assert len(units) == MOST_UNITS + 1
    assert {unit.code for unit in plan.units[150:]} | {asked} <= units
    text = (folder / "index.html").read_text(encoding="utf-8")
    assert "150/303" in text
    assert "còn 102 đơn vị khác" in text
    chart = Reader(folder / "chi-tieu.html").data["bieu-do-A1"]
    assert [line["name"] for line in chart["lines"]] == ["Toàn đợt nhân rộng"]  # type: ignore[attr-defined]


@pytest.mark.slow
def test_the_command_builds_the_site_and_says_where(home: Workspace) -> None:
    environment = {**os.environ, "BAOCAO_HOME": str(home.home), "BAOCAO_DATABASE_URL": ""}
    command = [sys.executable, "-m", "deployments.cli", "site", "--as-of", "2022-12-21T09:00"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert str(home.home / "site" / "index.html") in done.stdout
    assert "09 giờ 00 ngày 21/12/2022" in (home.home / "site" / "index.html").read_text(encoding="utf-8")


def test_an_unknown_unit_is_refused(home: Workspace) -> None:
    with pytest.raises(UsageError, match="KHONG-CO"):
        build_site(home, NOW, ["KHONG-CO"])


def test_a_withheld_report_has_no_files(tmp_path: Path) -> None:
    home = empty_home(tmp_path / "home")
    publish(home, MONTHS[0], 1)
    with writing(home.engine) as connection:
        record = reports.prepare(connection, "thang", MONTHS[1], "b", NOW.now)
        reports.set_awaiting(connection, record)
    (home.report_folder(MONTHS[1], 1)).mkdir(parents=True)
    (home.report_folder(MONTHS[1], 1) / "bao-cao.pdf").write_bytes(b"x")
    page = Reader(build_site(home, NOW).parent / "bao-cao.html")
    assert "../reports/2022-09/v1/bao-cao.pdf" in page.links
    assert "../reports/2022-10/v1/bao-cao.pdf" not in page.links


def test_the_whole_times_count_is_never_subtracted_from_a_months() -> None:
    """A FLOW figure of a final form covers the whole time, the month before its own; STOCK figures are alike."""
    march = Period(2023, 3)
    given = {code: UnitFigure("SCT", code, 40.0, 100.0, 40.0, False) for code in ("A3", "B1")}
    data = SimpleNamespace(figures={UnitMonth("SCT", march): given}, ratio=lambda *_: 90.0)
    rows = figure_table(SimpleNamespace(plan=PLAN, data=data), "SCT", march).rows  # type: ignore[arg-type]
    changes = {row.cells[0].text.split()[0]: row.cells[4].text for row in rows if row.cells}
    assert changes == {"A3": "", "B1": "-50 điểm phần trăm"}
