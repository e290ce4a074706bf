"""The report's prose: golden texts of whole months, and the grammar of one, several and none."""

import re
from datetime import date, datetime

import pytest
from support import TESTS
from support.reports.lived import lived_report
from support.reports.monthly import ZONE, sample_report
from support.reports.words import as_text, paragraphs, part, told

from baocao.domain.planned.period import Period
from baocao.domain.reported.progress import Difficulty, TaskStatus, UnitFigure
from baocao.domain.reported.report import Report
from baocao.narrative.front import DECISIONS, SUMMARY
from baocao.narrative.phrases import (
    clipped,
    listed,
    lower_first,
    out_of,
    padded,
    quoted,
    sentence,
    unbroken,
    unit_names,
)
from baocao.narrative.story import Section
from baocao.render.charts import render_charts
from baocao.render.papers import paper_of
from baocao.render.papers.citing import drawn_charts
from baocao.render.tables import figure_table

GOLDEN = TESTS / "golden" / "narrative"
EMPTY_WORDS = ("Không", "Không có", "-", ".", "Đã báo cáo")
MONTHS = {
    "tot-dep": sample_report("2022-12", all_well=True),
    "thieu-mot-don-vi": sample_report("2022-10", missing=["SNV"], late=["SCT"]),
    "tra-lai-mot-don-vi": sample_report("2022-11", rejected=["SCT"]),
    "khong-phat-sinh": sample_report("2022-11", not_occurred=["A3", "A4"]),
    "thang-dau": sample_report("2022-09"),
    "dinh-chinh": sample_report("2022-12", late=["SCT"], version=2),
    "thang-cuoi": sample_report("2023-02"),
    "don-vi-tro-lai": lived_report("2022-11", away=[("SNV", "2022-10")]),
    "khong-co-kien-nghi": lived_report("2022-10", words=None),
    "loi-rong": lived_report("2022-10", words=EMPTY_WORDS),
    "khong-co-so-lieu": sample_report("2022-10", missing=["SNV", "SCT"], quarantined=["STTTT"]),
}


@pytest.mark.parametrize("name", MONTHS)
def test_golden(name: str) -> None:
    path = GOLDEN / f"{name}.txt"
    text = as_text(told(MONTHS[name]))
    assert text == path.read_text(encoding="utf-8"), f"văn bản mẫu {path.name} khác với văn bản sinh ra"


@pytest.mark.parametrize("name", MONTHS)
def test_every_sentence_is_well_formed(name: str) -> None:
    story = told(MONTHS[name])
    for paragraph in paragraphs(story):
        assert paragraph == " ".join(paragraph.split()), paragraph
        assert paragraph[-1] in ".:", paragraph
        assert not any(fault in paragraph for fault in ("..", " .", " ,", " ;", "()", ": .", ";.", "None", "0/0"))
    assert story.headline.count("\n") == 0
    assert len(story.headline) < 300


def test_empty_words_reach_nobody() -> None:
    """With one in every free cell the month reads as one in which nothing was written, but for who must write more."""
    empty, silent = (as_text(told(MONTHS[name])) for name in ("loi-rong", "khong-co-kien-nghi"))
    assert empty == silent
    cells = [
        str(value)
        for annex in paper_of(MONTHS["loi-rong"]).annexes
        for table in annex.tables
        for row in table.rows
        for value in row.values()
    ]
    assert not {cell for cell in cells if cell in EMPTY_WORDS}


def test_a_unit_that_is_back_changes_nothing_that_is_compared() -> None:
    report = MONTHS["don-vi-tro-lai"]
    summary = front(report, SUMMARY).paragraphs[0]
    assert "chưa gồm" not in summary
    assert summary.endswith("tính trên các đơn vị có số liệu cả hai tháng.")
    row = next(row for row in figure_table(report).rows if row.get("ma") == "A3")
    assert "thay đổi chỉ tính các đơn vị có số liệu cả hai kỳ, từ " in row["ket_qua"]


def test_no_digit_has_a_decimal_point() -> None:
    text = as_text(told(MONTHS["dinh-chinh"]))
    assert re.search(r"\d,\d%", text)
    assert not re.search(r"\d\.\d+%", text)


def test_headline_names_who_is_absent() -> None:
    headline = told(MONTHS["thieu-mot-don-vi"]).headline
    assert "01/03 đơn vị báo cáo đúng hạn" in headline
    assert "Sở Công Thương nộp quá hạn" in headline
    assert "Sở Nội vụ chưa nộp" in headline


def test_separate_indicator_speaks_of_its_components() -> None:
    report = MONTHS["thang-dau"]
    group = next(text for text in part(report, "results") if text.startswith("a)"))
    assert "(A4), mục tiêu 100%, trong đó số hóa hồ sơ (thành phần hồ sơ) " in group
    assert "chưa có số liệu" not in group.lower()


def test_what_is_just_below_its_target_never_reads_as_reached() -> None:
    report = changed_figure(MONTHS["tot-dep"], "B1", numerator=9996.0, denominator=10_000.0, ratio_pct=99.96)
    text = "\n".join(part(report, "results"))
    assert "công chức được gắn định danh số (B1) 99,9% (mục tiêu 100%)" in text


def test_estimated_headline_says_so() -> None:
    report = changed_figure(
        MONTHS["thang-dau"], "A2", numerator=None, denominator=None, ratio_pct=None, is_estimated=True
    )
    text = "\n".join(part(report, "results"))
    assert "(A2), mục tiêu 100%, ước theo thành phần chuẩn hóa quy trình nội bộ, quy trình điện tử " in text


def changed_figure(report: Report, code: str, **changes: object) -> Report:
    figures = tuple(
        figure.model_copy(update={"reached": False, **changes}) if figure.code == code else figure
        for figure in report.figures
    )
    return report.model_copy(update={"figures": figures})


def front(report: Report, title: str) -> Section:
    return next(section for section in told(report).sections if section.title == title)


def test_what_is_beyond_authority_is_asked_on_the_first_page_with_who_and_by_when() -> None:
    within = Difficulty(
        unit="SNV",
        difficulty="Thiếu người",
        proposal="Đề nghị bổ sung",
        settled_by="Sở Nội vụ",
        number="SNV-11/2022-1",
    )
    beyond = {
        "proposal": "Bổ sung máy quét.",
        "settled_by": "Sở Tài chính",
        "is_beyond_authority": True,
        "number": "SNV-09/2022-1",
    }
    first = Difficulty(unit="SNV", difficulty="Thiếu máy quét.", since=Period(2022, 9), **beyond)
    second = Difficulty(unit="SCT", difficulty="thiếu  máy quét", since=Period(2022, 10), **beyond)
    half = Difficulty(unit="STTTT", difficulty="Chậm", is_beyond_authority=True)
    report = MONTHS["tra-lai-mot-don-vi"].model_copy(update={"difficulties": (first, within, second, half)})
    (asked,) = front(report, DECISIONS).paragraphs
    assert asked == (
        "(1) Sở Tài chính: bổ sung máy quét, trong tháng 12 năm 2022 (Sở Nội vụ và Sở Công Thương đề nghị; "
        "lý do: thiếu máy quét; nêu từ 09/2022, đến nay 03 kỳ chưa có trả lời được ghi nhận; "
        "kiến nghị số SNV-09/2022-1)."
    )
    *whole, half_told = part(report, "proposals")
    assert whole == [
        (
            "02 kiến nghị đang chờ trả lời, trong đó 01 nêu từ các kỳ trước, lâu nhất từ tháng 9 năm 2022, đủ tại "
            "Phụ lục IV; nội dung vượt thẩm quyền nêu tại phần Kính đề nghị quyết định."
        ),
        "Nội dung thuộc thẩm quyền của các cơ quan, đơn vị:",
        "- Sở Nội vụ: đề nghị bổ sung (Sở Nội vụ đề nghị; số SNV-11/2022-1).",
    ]
    assert half_told.startswith("Đề nghị Sở Thông tin và Truyền thông bổ sung 01 nội dung chưa nêu đủ khó khăn")
    annex = next(annex for annex in paper_of(report).annexes if annex.title.startswith("KHÓ KHĂN"))
    assert "Chậm" not in str(annex.tables)


def test_nothing_to_ask_is_said() -> None:
    report = MONTHS["tot-dep"].model_copy(update={"difficulties": ()})
    assert front(report, DECISIONS).paragraphs == ("Trong kỳ không có nội dung đề nghị quyết định.",)


def test_a_missing_unit_stands_beside_every_count_and_in_the_due_work() -> None:
    report = MONTHS["thieu-mot-don-vi"]
    summary = front(report, SUMMARY)
    assert "(chưa gồm Sở Nội vụ ở số trong kỳ); số chỉ tiêu đạt tăng 02" in summary.paragraphs[0]
    assert summary.paragraphs[0].endswith(
        "so với tháng trước, từ 02 lên 04, tính trên các đơn vị có số liệu cả hai tháng."
    )
    assert "(chưa gồm Sở Nội vụ)" in summary.paragraphs[1]  # tasks of a silent unit count nowhere
    assert "(chưa gồm Sở Nội vụ ở số trong kỳ)" in told(report).headline
    labels = [label for _, label in paper_of(report).key_figures]
    assert sum("(chưa gồm Sở Nội vụ ở số trong kỳ)" in label for label in labels) == 2
    assert sum("(chưa gồm Sở Nội vụ)" in label for label in labels) == 1
    assert summary.table is not None
    first = summary.table.rows[0]
    assert (first["don_vi"], first["viec"]) == ("Sở Nội vụ", "Nộp báo cáo tháng 10 năm 2022")
    assert len(summary.table.rows) <= 8


def test_no_official_sentence_is_cut() -> None:
    for name, report in MONTHS.items():
        assert "…" not in as_text(told(report)).replace("…………", "").replace("……/……/………", ""), name


def test_every_verdict_says_whose_figures_it_rests_on() -> None:
    results = part(MONTHS["thieu-mot-don-vi"], "results")
    groups = [text for text in results if text[:2] in ("a)", "b)", "c)")]
    assert results[len(groups) + 1] == (
        "A1, A2, B1, B2, B3, B6, B7, B8, B9, C1, C2 gồm số liệu 09/2022 của Sở Nội vụ; "
        "A3, A4, B4, B5 chưa gồm Sở Nội vụ."
    )
    assert (
        "chưa có báo cáo kỳ này của Sở Nội vụ: số tại ngày chốt lấy theo báo cáo gần nhất (09/2022), "
        "số trong kỳ chưa gồm."
    ) in results[0]
    assert not [text for text in part(MONTHS["dinh-chinh"], "results") if "chưa gồm" in text or "gồm số liệu" in text]


def test_changes_are_of_the_units_in_both_months() -> None:
    text = "\n".join(part(MONTHS["thieu-mot-don-vi"], "results"))
    assert "So sánh tỷ lệ trong kỳ chỉ tính các đơn vị có số liệu cả hai tháng." in text
    assert "cả hai tháng" not in "\n".join(part(MONTHS["dinh-chinh"], "results"))


def test_the_month_after_a_gap_says_what_the_gap_does_to_changes_and_sums() -> None:
    report = MONTHS["dinh-chinh"]
    points = tuple(
        point.model_copy(update={"missing": 1}) if point.period.next == report.period else point
        for point in report.timeliness
    )
    text = "\n".join(part(report.model_copy(update={"timeliness": points}), "results"))
    assert "Tháng trước không có báo cáo của 01 đơn vị nên thay đổi của tỷ lệ tại ngày chốt gồm kết quả từ hai" in text
    assert "Lũy kế từ đầu thí điểm (không có số tháng 11/2022 của 01 đơn vị chưa báo cáo): A3 " in text


def test_what_falls_due_in_the_rest_of_the_month_is_not_passed_over() -> None:
    report = MONTHS["thang-dau"]
    due = [date(2022, 9, 30), date(2022, 10, 15), date(2022, 11, 1)] * 9
    tasks = tuple(
        task._replace(status=TaskStatus.IN_PROGRESS, done_date=None, due_date=day, is_overdue=False)
        for task, day in zip(report.tasks, due, strict=False)
    )
    report = report.model_copy(update={"tasks": tasks})
    summary = front(report, SUMMARY)
    assert "18 đầu việc đến hạn từ ngày chốt đến hết tháng 10 năm 2022" in summary.paragraphs[1]
    assert summary.table is not None
    shown = [row["han"] for row in summary.table.rows]
    assert shown == ["30/09/2022"] * 5
    assert summary.table.more == "Còn 09 đầu việc khác nêu tại Phụ lục III."


def test_what_was_finished_adds_up_over_the_months() -> None:
    report = MONTHS["thang-cuoi"]
    done = {"status": TaskStatus.DONE, "is_overdue": False}
    days = [date(2023, 2, 3), date(2023, 1, 27), date(2023, 1, 27)]
    tasks = tuple(task._replace(done_date=day, **done) for task, day in zip(report.tasks, days, strict=False))
    told_tasks = part(report.model_copy(update={"tasks": tasks}), "tasks")
    assert told_tasks[-1] == (
        f"Theo ngày hoàn thành: 01 đầu việc xong trong tháng ({tasks[0].code}), 02 đầu việc xong từ các tháng trước, "
        "nêu tại Phụ lục III."
    )


def test_a_report_that_is_owed_has_its_date_and_whether_it_is_past() -> None:
    report = MONTHS["thieu-mot-don-vi"]
    for day, hour, written in ((20, 0, "Trước 20/10/2022 (quá hạn)"), (28, 17, "17 giờ 00 ngày 28/10/2022")):
        before = {"SNV": datetime(2022, 10, day, hour, tzinfo=ZONE)}
        table = front(report.model_copy(update={"submit_before": before}), SUMMARY).table
        assert table is not None
        assert table.rows[0]["han"] == written


def test_a_silent_unit_s_value_stands_among_those_below_the_target() -> None:
    report = MONTHS["thieu-mot-don-vi"]
    kept = UnitFigure("SNV", "B2", 60.0, 100.0, 60.0, reached=False)
    lines = part(report.model_copy(update={"carried_figures": (kept,)}), "shortcomings")
    line = next(text for text in lines if "(B2)" in text)
    assert "Đơn vị chưa đạt: Sở Nội vụ 60% (số 09/2022); Sở Thông tin và Truyền thông 76,9%" in line
    units = paper_of(report.model_copy(update={"carried_figures": (kept,)})).annexes[1].tables[0]
    assert {
        "la_nhom": True,
        "ten": "Sở Nội vụ: chưa nộp; số tại ngày chốt lấy theo 09/2022: 00 tỷ lệ đạt, 01 chưa đạt",
    } in (units.rows)


def test_what_a_silent_unit_asked_last_is_still_asked() -> None:
    asked = {"difficulty": "Thiếu máy quét", "proposal": "Bổ sung máy", "settled_by": "Sở Tài chính"}
    open_ = Difficulty(
        unit="SNV",
        **asked,
        is_beyond_authority=True,
        since=Period(2022, 9),
        carried=Period(2022, 9),
        number="SNV-09/2022-1",
    )
    report = MONTHS["thieu-mot-don-vi"].model_copy(update={"difficulties": (open_,)})
    (decision,) = front(report, DECISIONS).paragraphs
    assert "(Sở Nội vụ đề nghị tại báo cáo 09/2022; lý do: thiếu máy quét; nêu từ 09/2022, đến nay 02 kỳ" in decision
    row = paper_of(report).annexes[3].tables[0].rows[0]
    assert (row["so"], row["don_vi"], row["tu_ky"]) == ("SNV-09/2022-1", "Sở Nội vụ (theo 09/2022)", "09/2022 (02 kỳ)")


@pytest.mark.slow
def test_charts_are_cited_by_the_numbers_that_they_bear() -> None:
    report = MONTHS["thang-dau"]
    assert list(render_charts(report)[1]) == list(drawn_charts(report))
    assert part(report, "results")[0].endswith("(Phụ lục I; Biểu đồ 1, 2 và 3).")
    assert front(report, SUMMARY).paragraphs[2].endswith("(Phụ lục V; Biểu đồ 4).")
    nobody = MONTHS["khong-co-so-lieu"]
    assert list(render_charts(nobody)[1]) == list(drawn_charts(nobody))


def test_what_units_settle_themselves_is_said_once() -> None:
    said = {"difficulty": "Thiếu người", "proposal": "Bổ sung"}
    own = (
        Difficulty(unit="SNV", settled_by="Sở Nội vụ", **said),
        Difficulty(unit="SCT", settled_by="Sở Công Thương", **said),
    )
    report = MONTHS["thang-dau"]
    told_once = part(report.model_copy(update={"difficulties": own}), "proposals")[-1]
    assert told_once == ("- Từng đơn vị đề nghị: bổ sung (Sở Nội vụ và Sở Công Thương đề nghị).")
    alone = part(report.model_copy(update={"difficulties": own[:1]}), "proposals")[-1]
    assert alone.startswith("- Sở Nội vụ: ")


def test_proposals_without_end_are_counted() -> None:
    said = {"proposal": "Bổ sung", "settled_by": "Sở Nội vụ", "is_beyond_authority": True}
    many = tuple(Difficulty(unit="SNV", difficulty=f"Thiếu {n} người", **said) for n in range(25))
    asked = front(MONTHS["thang-dau"].model_copy(update={"difficulties": many}), DECISIONS).paragraphs
    assert len(asked) == 6
    assert asked[-1] == "Còn 20 nội dung khác nêu tại Phụ lục IV."


def test_tasks_of_one_unit_only() -> None:
    report = MONTHS["thang-dau"]
    only = tuple(
        task._replace(status=TaskStatus.IN_PROGRESS, done_date=None) for task in report.tasks if task.unit == "SNV"
    )
    tasks = part(report.model_copy(update={"tasks": only}), "tasks")
    assert tasks[0].startswith("01 đơn vị báo cáo tiến độ 15 nhiệm vụ của Kế hoạch")
    assert tasks[1:] == ("Đến nay chưa có đầu việc nào hoàn thành.",)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (padded(3), "03"),
        (padded(12), "12"),
        (padded(1234), "1.234"),
        (out_of(15, 15, "chỉ tiêu"), "cả 15 chỉ tiêu"),
        (out_of(1, 1, "chỉ tiêu"), "01/01 chỉ tiêu"),
        (out_of(0, 4, "chỉ tiêu"), "00/04 chỉ tiêu"),
        (lower_first("TTHC được chuẩn hóa"), "TTHC được chuẩn hóa"),
        (lower_first("Lãnh đạo, CC, VC"), "lãnh đạo, CC, VC"),
        (sentence("  thiếu máy .. "), "Thiếu máy."),
        (unit_names(["A"]), "A"),
        (unit_names(["A", "B", "C"]), "A, B và C"),
        (unit_names(list("ABCDEFG")), "A, B, C, D, E và 02 đơn vị khác"),
        (listed(["a", "b", "c"], "việc", 2), "a; b và 01 việc khác"),
        (quoted("Một hai ba.", 12, "Phụ lục II"), "Một hai ba"),
        (quoted("Một hai ba. Bốn năm.", 12, "Phụ lục II"), "Một hai ba (nguyên văn tại Phụ lục II)"),
        (quoted("Một hai ba bốn năm", 12, "Phụ lục II"), "nêu tại Phụ lục II"),
        (clipped("một hai ba bốn", 11), "một hai…"),
        (unbroken("Về mô hình Chính quyền số cấp sở, ngành"), "Về mô hình Chính\u00a0quyền\u00a0số cấp sở,\u00a0ngành"),
        (unbroken("Kết quả của Sở Nội vụ, Sở Y tế"), "Kết quả của Sở\u00a0Nội\u00a0vụ, Sở\u00a0Y\u00a0tế"),
    ],
)
def test_phrases(made: str, expected: str) -> None:
    assert made == expected
