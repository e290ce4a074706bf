"""The steps of a collection as the flow takes them, without Prefect; and workbooks of one unit that differ."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from openpyxl import Workbook, load_workbook

from baocao.domain.planned.period import Period
from baocao.store.accepted.counted import effective
from baocao.store.accepted.facts import frame_of
from baocao.store.engine.database import reading
from baocao.system.clock import Clock, read_clock
from baocao.workspace.settings import Settings
from baocao.workspace.workspace import Workspace
from support import ROOT
from support.stores.houses import lived_in
from support.workbooks.samples import Edit, cell_of, clean, plan, write_filled
from tasks import check, read, take_in

FIGURES = "Chỉ tiêu"


@contextmanager
def stepping(home: Path, patch: pytest.MonkeyPatch, url: str = "") -> Iterator[Workspace]:
    """A house whose steps are taken by :func:`collect`."""
    folder = ROOT / "plans" / "ninh-binh-2022"
    settings = Settings(_env_file=None, home=home, plan=folder, database_url=url, inbox=None, intake="folder")
    with lived_in(settings, patch) as opened:
        yield opened


def collect(workspace: Workspace, periods: str | Sequence[str] = "2022-10", as_of: str = "2022-10-18T09:00") -> None:
    """Take in, read, check, file, answer, until nothing is left."""
    some = [Period.parse(one) for one in ([periods] if isinstance(periods, str) else periods)]
    clock = take(workspace, some[-1], as_of)
    for chunks in read.waiting_batches.fn(some):
        check.check_and_file.fn([read.read_files.fn(ids) for ids in chunks], some, clock)


def take(workspace: Workspace, period: Period = Period(2022, 10), as_of: str = "2022-10-18T09:00") -> Clock:  # noqa: B008
    """Take in only; gives the run's clock."""
    clock = read_clock(datetime.fromisoformat(as_of), workspace.zone)
    take_in.take_in.fn(period, clock)
    return clock


@lru_cache
def workbook(unit: str = "SCT", period: str = "2022-10", seed: int = 0, b1: tuple[int, int] | None = None) -> bytes:
    """The bytes of a clean report; ``b1`` are the numerator and denominator of B1, without a ratio."""

    def change(book: Workbook) -> None:
        if b1 is not None:
            for header, value in (("Tử số", b1[0]), ("Mẫu số", b1[1]), ("Tỷ lệ (%)", None), ("Ghi chú", "Đang làm")):
                cell_of(book, FIGURES, "B1", header).value = value

    return edited_workbook(unit, period, change, seed)


def edited_workbook(unit: str, period: str, edit: Edit, seed: int = 0) -> bytes:
    """A clean report with something changed."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bao-cao.xlsx"
        form = plan().form_of(Period.parse(period))
        write_filled(path, plan(), unit, period, clean(plan(), form, unit, period, seed))
        book = load_workbook(path)
        edit(book)
        book.save(path)
        return path.read_bytes()


def lay(workspace: Workspace, place: str, data: bytes) -> Path:
    """A file in the inbox, written now."""
    path = workspace.settings.inbox_folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def counting(workspace: Workspace, unit: str = "SCT", period: str = "2022-10", code: str = "B1") -> tuple[int, int]:
    """Numerator and denominator of a figure, as they count."""
    of = Period.parse(period)
    with reading(workspace.engine) as connection:
        frame = frame_of(connection, "figures", plan().form_of(of).key, of, [unit])
    row = frame[(frame["period"] == period) & (frame["code"] == code)].iloc[0]
    return int(row["numerator"]), int(row["denominator"])


def counting_version(workspace: Workspace, unit: str = "SCT", period: str = "2022-10") -> int:
    """The number of the version that counts."""
    of = Period.parse(period)
    with reading(workspace.engine) as connection:
        found = effective(connection, plan().form_of(of).key, of)
    return next(one.version for one in found if (one.unit, one.period) == (unit, of))


def letters(workspace: Workspace, prefix: str) -> list[str]:
    """The plain texts of the mails whose keys begin so, by key."""
    texts = []
    for path in sorted(workspace.outbox_folder.glob(f"{prefix.replace('/', '~')}*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain",))
        assert body is not None
        texts.append(body.get_content())
    return texts
