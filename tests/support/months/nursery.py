"""A process that has loaded all that the flows need and opened nothing: it forks a child for each run, and kills it.

Loading takes seconds and a fork milliseconds, so that a month can be killed a hundred times. A child runs the real
flows: the functions under ``@flow`` as they stand, and in them the functions under ``@task``, without Prefect's engine
(``test_commands_killed.py`` kills that one). It reads one request a line, as JSON, and answers with the child's
exit code. A request names the home, the database, the mail server's port, the runs (flow, period, moment), a journal of
the runs that are done, and how the child dies: ``after`` so many seconds, or ``at`` the next point of certain ``kinds``
that is not yet in this file.
"""

import json
import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from prefect.utilities.annotations import BaseAnnotation

OURS = ("baocao.", "tasks.", "flows.", "expectations.")
FLOWS = ("send_templates", "collect", "remind", "escalate", "report")
CORRECTION = {"is_restatement": True, "reason": "đơn vị nộp muộn", "by": "Trần Thị Mẫu"}
LOADED = ("great_expectations", "matplotlib.pyplot", "docx", "docxtpl", "typst", "openpyxl", "yagmail", "xlrd", "scipy")
LOADED_OF_OURS = ("expectations.batch", "expectations.engine.run", "baocao.render.files", "baocao.site.pages")
FILE_EVENTS = ("os.rename", "os.remove", "tempfile.mkstemp", "shutil.rmtree")
SMALL = 40
"""Dots per inch of the charts: drawing them large is most of what a report costs."""

Point = Callable[[str], None]


class Step:
    """A task as the flows call it, at once and without Prefect's engine; its beginning and its end are points."""

    def __init__(self, task: Any, point: Point) -> None:
        self._task, self._point = task, point

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        self._point(f"task {self._task.name}: begins")
        given = [one.unwrap() if isinstance(one, BaseAnnotation) else one for one in arguments]
        result = self._task.fn(*given, **named)
        self._point(f"task {self._task.name}: ended")
        return result

    def map(self, items: list[Any]) -> "AllDone":
        return AllDone(Done(self(item)) for item in items)


class Done:
    """A task that has ended."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def result(self) -> Any:
        return self._value


class AllDone(list[Done]):
    """Mapped tasks that have ended."""

    def result(self) -> list[Any]:
        return [one.result() for one in self]


class Death:
    """Kills this process at the first point of these kinds that is not in the file, having written it there."""

    def __init__(self, seen: Path, kinds: tuple[str, ...]) -> None:
        self._seen, self._kinds = seen, kinds
        self._known = set(seen.read_text(encoding="utf-8").splitlines()) if seen.exists() else set()

    def __call__(self, point: str) -> None:
        if point in self._known or not point.startswith(self._kinds):
            return
        with self._seen.open("a", encoding="utf-8") as file:
            file.write(f"{point}\n")
        os.kill(os.getpid(), signal.SIGKILL)


def nowhere(_point: str) -> None:
    """Go on."""


def main() -> None:
    """Load everything, then serve requests until the input ends."""
    for name in (
        *LOADED,
        *LOADED_OF_OURS,
        *(f"flows.{flow}" for flow in FLOWS),
        "flows.approval",
        "flows.support.collecting",
    ):
        import_module(name)
    import_module("baocao.render.charts").DPI = SMALL  # type: ignore[attr-defined]
    _warm_up()
    assert threading.active_count() == 1, "a thread would be missing in the children"
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _run_child(request)
        print(json.dumps(_wait(pid, request.get("after"))), flush=True)


def _warm_up() -> None:
    """What is slow only the first time in a process; nothing is opened."""
    from tqdm import tqdm

    from baocao.domain.reported.history import History
    from baocao.plan.workdays import working_days
    from baocao.render.charts import draw_charts
    from expectations import check_batch
    from support.months.forms import draw_forms
    from support.reports.monthly import sample_report
    from support.workbooks.content import PLAN, clean_content

    tqdm.monitor_interval = 0  # no thread of its own
    check_batch(PLAN, [clean_content()], History())
    draw_charts(sample_report())  # Typst, which makes pictures of them, has threads that a child would miss
    working_days(PLAN.calendar)
    draw_forms()


def _wait(pid: int, seconds: float | None) -> int:
    """Kill the child after so many seconds; it cannot be mistaken for another, as nobody else waits for it."""
    handle = os.pidfd_open(pid)
    try:
        if not select.select([handle], [], [], seconds)[0]:
            os.kill(pid, signal.SIGKILL)
    finally:
        os.close(handle)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _run_child(request: dict[str, Any]) -> None:
    code = 1
    try:
        os.environ.update(request["environment"])
        _live(request)
        code = 0
    except BaseException:  # noqa: BLE001 - told by the exit code and the traceback
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


def _live(request: dict[str, Any]) -> None:
    point: Point = Death(Path(request["at"]), tuple(request["kinds"])) if request.get("at") else nowhere
    flows = {name: import_module(f"flows.{name}") for name in FLOWS}
    board, report = import_module("tasks.board"), import_module("tasks.report")  # what Prefect shows is its own
    board.create_table_artifact = report.create_markdown_artifact = lambda **_: None  # type: ignore[attr-defined]
    for module in (*flows.values(), *map(import_module, ("flows.approval", "flows.support.collecting"))):
        _without_engine(module, point)
    if point is not nowhere:
        _watch(point)
    journal = Path(request["journal"])
    done = journal.read_text(encoding="utf-8").splitlines() if journal.exists() else []
    for number, (name, period, moment) in enumerate(request["runs"]):
        if str(number) in done:
            continue
        point(f"flow {name}: begins")
        flow, said = ("report", CORRECTION) if name == "restate" else (name, {})
        getattr(flows[flow], flow).fn(period=period, as_of=datetime.fromisoformat(moment), **said)
        point(f"flow {name}: ended")
        with journal.open("a", encoding="utf-8") as file:
            file.write(f"{number}\n")


def _without_engine(module: ModuleType, point: Point) -> None:
    from prefect import Task

    for name, value in vars(module).items():
        if isinstance(value, Task):
            setattr(module, name, Step(value, point))


def _watch(point: Point) -> None:
    """Points at what changes the world: writes and commits of the database, files that appear or go, mails that go."""
    from sqlalchemy import Connection, Engine, event

    from baocao.mail.sending.smtp import SmtpTransport

    def written(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if connection.get_execution_options().get("write") and statement.split(maxsplit=1)[0] in _WRITES:
            point(f"database: {_who()}: {' '.join(statement.split()[:3])}")

    def committing(connection: Connection) -> None:
        if connection.get_execution_options().get("write"):
            point(f"database: {_who()}: before the commit")
            connection.info["committed"] = True

    def given_back(connection: Any, record: Any) -> None:
        if record.info.pop("committed", False):
            point(f"database: {_who()}: after the commit")

    event.listen(Engine, "after_cursor_execute", written)
    event.listen(Engine, "commit", committing)
    event.listen(Engine, "checkin", given_back)
    send = SmtpTransport.send

    def sending(self: SmtpTransport, envelope: Any) -> Any:
        point("mail: before it goes")
        replies = send(self, envelope)
        point("mail: the server has said 250")
        return replies

    SmtpTransport.send = sending  # type: ignore[method-assign]

    def audited(name: str, arguments: tuple[Any, ...]) -> None:
        if name in FILE_EVENTS and (who := _who()):
            target = Path(str(arguments[1])).suffix if name == "os.rename" else ""
            point(f"file: {who}: {name} {target}")

    sys.addaudithook(audited)


_WRITES = ("INSERT", "UPDATE", "DELETE")


def _who() -> str:
    """The function of ours that is at work, two deep where the nearest one is general."""
    frame: FrameType | None = sys._getframe(1)
    names: list[str] = []
    while frame is not None and len(names) < 2:
        name = frame.f_globals.get("__name__", "")
        if name.startswith(OURS):
            names.append(f"{name}.{frame.f_code.co_name}")
        frame = frame.f_back
    return " in ".join(names)


if __name__ == "__main__":
    main()
