"""What ``baocao demo`` says at its end: what to open first, and every path whole in a line of its own."""

from io import StringIO
from pathlib import Path

from rich.console import Console

from baocao.domain.planned.period import Period
from deployments.replay import _Line, _places, told

HOME = Path("/srv/mot-thu-muc-rat-dai/của-tôi [1]/var/demo")


def test_paths_are_whole_on_a_narrow_terminal_and_the_first_to_open_comes_first() -> None:
    periods = (Period(2022, 10), Period(2022, 11))
    lines = [_Line(one, "100%", "100%", "5/9", HOME / "reports" / str(one) / "v1") for one in periods]
    screen = StringIO()
    told(Console(file=screen, width=60), _places(HOME, lines, 132))
    first, *rest = screen.getvalue().splitlines()
    assert (first.startswith("Hãy mở trước tiên"), first.endswith(f"{HOME}/reports/2022-11/v1/bao-cao.pdf")) == (
        True,
        True,
    )
    assert [line.rpartition(": ")[2] for line in rest] == [
        f"{HOME}/site/index.html",
        *(str(line.folder) for line in lines),
        f"{HOME}/mailserver",
        str(HOME),
    ]
