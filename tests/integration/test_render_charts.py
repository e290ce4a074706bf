"""Charts: drawn without warnings (a missing letter is one), with what they must show, at any number of units."""

from collections import Counter
from io import BytesIO
from threading import Thread

import pytest
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from PIL import Image
from support.reports.monthly import ninh_binh, sample_report, with_units

from baocao.domain.reported.outcome import Outcome
from baocao.domain.reported.report import Report
from baocao.render.charts import chart_description, render_charts
from baocao.render.charts.attainment import draw_attainment
from baocao.render.charts.chart import CHART_NAMES
from baocao.render.charts.heatmap import draw_heat_map
from baocao.render.charts.style import FAR, LOOKS, NEAR, REACHED, VERY_FAR, on_one_line, width_of
from baocao.render.charts.trajectory import draw_trajectories

REPORT = sample_report("2022-12", late=["SCT"], missing=["SNV"], not_occurred=["A3"])


@pytest.mark.slow
@pytest.mark.parametrize("report", [REPORT, sample_report("2022-09"), sample_report("2023-02", all_well=True)])
def test_png_of_phone_width(report: Report) -> None:
    charts = render_charts(report)[0]
    assert tuple(charts) == CHART_NAMES
    for content in charts.values():
        with Image.open(BytesIO(content)) as image:
            assert image.width == 1080
            assert 240 < image.height < 2600
            assert len(content) < 400_000


@pytest.mark.slow
@pytest.mark.parametrize("units", [1, 6, 8, 25, 120])
def test_any_number_of_units(units: int) -> None:
    figure = draw_heat_map(sample_report(plan=with_units(ninh_binh(), units)))
    assert figure is not None
    assert figure.get_figheight() < 14
    figure.canvas.draw()


@pytest.mark.slow
def test_of_very_many_units_each_has_its_part_of_the_bar() -> None:
    plan = with_units(ninh_binh(), 120)
    report = sample_report(plan=plan)
    last = {unit.code for unit in plan.units[-10:]}  # attain a quarter of the target, or have sent nothing
    weak = tuple(
        one._replace(numerator=one.denominator / 5, ratio_pct=20.0, reached=False)
        if one.denominator and one.unit in last
        else one
        for one in report.unit_figures
        if one.unit != plan.units[0].code
    )
    figure = draw_heat_map(report.model_copy(update={"unit_figures": weak}))
    assert figure is not None
    lengths: Counter[float] = Counter()
    for bar in figure.axes[0].patches:
        assert isinstance(bar, Rectangle)
        lengths[round(bar.get_y(), 2)] += bar.get_width()
    assert len(lengths) > 15
    assert set(lengths.values()) == {120}


@pytest.mark.slow
def test_same_report_same_bytes() -> None:
    assert render_charts(REPORT)[1] == render_charts(REPORT)[1]


@pytest.mark.slow
def test_threads_do_not_disturb_each_other() -> None:
    expected = render_charts(REPORT)[0]
    found: list[dict[str, bytes]] = []
    threads = [Thread(target=lambda: found.append(render_charts(REPORT)[0])) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 2


def test_nothing_to_draw() -> None:
    report = sample_report(missing=["STTTT", "SCT", "SNV"]).model_copy(update={"trend": (), "timeliness": ()})
    assert render_charts(report)[0] == {}


def luminance(colour: str) -> float:
    """How light a colour is in print, 0 to 1 (WCAG relative luminance)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_reached_differs_from_missed_in_black_and_white() -> None:
    assert all(contrast(REACHED, other) > 2.5 for other in (NEAR, FAR, VERY_FAR))


def test_text_on_bars_is_legible() -> None:
    assert all(contrast(look.fill, look.ink) > 4.5 for look in LOOKS.values())
    assert LOOKS[Outcome.REACHED].fill != LOOKS[Outcome.MISSED].fill


@pytest.mark.parametrize("name", CHART_NAMES)
def test_descriptions_say_what_is_seen(name: str) -> None:
    assert "tháng 12 năm 2022" in chart_description(REPORT, name)


def test_no_name_of_the_plan_is_cut() -> None:
    for chart in (draw_attainment, draw_heat_map, draw_trajectories):
        figure = chart(REPORT)
        assert figure is not None
        assert [one.get_text() for one in figure.findobj(Text) if "…" in one.get_text()] == []


def test_only_what_has_no_room_in_the_smallest_letters_is_cut() -> None:
    name = "Hoạt động chỉ đạo, điều hành, quản trị nội bộ trên phần mềm dùng chung"
    whole = width_of(name, 10)
    assert on_one_line(name, whole, 10) == (name, 10)
    assert on_one_line(name, whole * 0.8, 10) == (name, pytest.approx(8))
    cut, size = on_one_line(name, whole * 0.5, 10)
    assert (cut.endswith("…"), size) == (True, 7)
    assert width_of(cut, size) <= whole * 0.5
