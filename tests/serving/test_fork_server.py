"""Under ``serve`` commands are run by its fork server: as quickly as may be, and otherwise as if nobody had."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import F_SETPIPE_SZ, fcntl, ioctl
from pathlib import Path
from struct import unpack
from termios import FIONREAD

import psutil
import pytest
from support import ROOT
from support.servers.prefects import baocao, clean_environment, wait_until
from support.servers.serving import first_period, new_house, serving
from support.servers.smtp import SmtpServer

from baocao.plan.loading import load_plan
from deployments.cli import SLOW_TO_LOAD
from deployments.fork_server.child import LOADED_AFTER_SECONDS
from deployments.fork_server.talk import HERE, SOCKET, socket_path
from deployments.serving.keeping import is_shut_in

pytestmark = pytest.mark.slow
LOADED = LOADED_AFTER_SECONDS + 120
PIPE = 4096


@dataclass
class House:
    """A served home whose fork server is ready; a blank form lies beside it."""

    environment: dict[str, str]
    form: Path
    server: psutil.Process

    @property
    def socket(self) -> Path:
        return Path(self.environment["BAOCAO_HOME"]) / SOCKET

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-X", "importtime", "-m", "deployments.cli", *words]

    def done(self, *words: str, folder: Path = ROOT, **more: str) -> tuple[int, str, list[str], bool]:
        """Exit code, output, complaints; and whether the process loaded for itself what judges a workbook."""
        done = subprocess.run(
            self.command(*words),
            env=self.environment | more,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        lines = done.stderr.splitlines()
        said = [line for line in lines if not line.startswith("import time:")]
        return done.returncode, done.stdout, said, any("great_expectations" in line for line in lines)

    @contextmanager
    def writing(self, *ignored: str) -> "Iterator[subprocess.Popen[bytes]]":
        """A check that is in the middle of its answer: its output is a pipe that is full."""
        with subprocess.Popen(
            ignoring(ignored, sys.executable, "-m", "deployments.cli", "check", str(self.form), "--json"),
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout
            fcntl(process.stdout, F_SETPIPE_SZ, PIPE)
            wait_until(lambda: unpack("i", ioctl(process.stdout, FIONREAD, bytes(4)))[0] > 0, 60)  # type: ignore[arg-type]
            yield process
            process.kill()


def ignoring(signals: Sequence[str], *command: str) -> list[str]:
    """This command where its caller has it ignore signals of these names, as ``nohup`` and a shell's ``&`` do."""
    return ["sh", "-c", f"trap '' {' '.join(signals)}; exec \"$@\"" if signals else 'exec "$@"', "sh", *command]


def stopped(house: House) -> int:
    """How a command ends at Ctrl-C, having said so."""
    with house.writing() as process:
        process.send_signal(signal.SIGINT)
        assert process.stderr
        assert "Đã dừng theo yêu cầu" in process.stderr.readline().decode()
        process.communicate(timeout=60)
        return process.returncode


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, mail: SmtpServer) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("san-sang") / ("sâu " * 30)  # deeper than a socket's address may be
    folder.mkdir()
    environment = new_house(folder, mail)
    period = first_period(environment).shift(1)
    form = folder / "bieu-mau.xlsx"
    unit = load_plan(Path(environment["BAOCAO_PLAN"])).units[0].code
    baocao(environment, "template", "--unit", unit, "--period", str(period), "-o", str(form))
    with serving(environment) as (process, _):
        wait_until((Path(environment["BAOCAO_HOME"]) / SOCKET).exists, LOADED)
        (server,) = [
            one for one in psutil.Process(process.pid).children() if "deployments.fork_server.child" in one.cmdline()
        ]
        yield House(environment, form, server)
    assert not (Path(environment["BAOCAO_HOME"]) / SOCKET).exists()
    assert not server.is_running()


@pytest.mark.parametrize(
    "words",
    [
        ("check", "bieu-mau.xlsx", "--unit", "la"),
        ("check", "bieu-mau.xlsx", "--json"),
        ("check", "--help"),
        ("report", "--period", "1999-01"),
        ("remind", "--period", "2022-10", "--sai"),
    ],
)
def test_a_command_says_and_ends_as_in_a_process_of_its_own(house: House, words: tuple[str, ...]) -> None:
    folder = house.form.parent
    *beside, loads = house.done(*words, folder=folder)
    *alone, _ = house.done(*words, folder=folder, PREFECT_LOGGING_LEVEL="ERROR")
    assert (beside, loads) == (alone, False)


def test_what_would_not_be_the_same_runs_in_a_process_of_its_own(house: House, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PREFECT_LOGGING_LEVEL=DEBUG\n")
    words = ("check", str(house.form))
    assert not house.done(*words)[-1]
    assert house.done(*words, PREFECT_LOGGING_LEVEL="ERROR")[-1], "other settings of Prefect"
    assert house.done(*words, folder=tmp_path)[-1], "Prefect reads the folder's .env"
    assert house.done(*words, BAOCAO_WORKERS="3")[-1], "flows read it when they are imported"
    assert house.done(*words, BAOCAO_HOME=str(tmp_path))[-1], "another home"


def test_who_sees_other_files_than_the_server_runs_by_itself(house: House) -> None:
    """As where systemd gives ``serve`` a /tmp of its own."""
    command = ["unshare", "--mount", *house.command("check", str(house.form))]
    done = subprocess.run(command, env=house.environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "great_expectations" in done.stderr) == (1, True)


def test_a_service_with_a_tmp_of_its_own_is_known(tmp_path: Path) -> None:
    own = "1098 1047 0:37 /tmp/systemd-private-6b1f-baocao.service-Zq/tmp /tmp rw shared:61 - ext4 /dev/sda1 rw\n"
    open_to_all = "25 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n26 25 0:23 / /tmp rw - tmpfs tmpfs rw\n"
    (tmp_path / "own").write_text(open_to_all + own)
    (tmp_path / "open").write_text(open_to_all)
    assert (is_shut_in(tmp_path / "own"), is_shut_in(tmp_path / "open"), is_shut_in()) == (True, False, False)


def test_as_a_service_of_its_own_it_answers_until_it_is_told_to_end(house: House) -> None:
    """Its input is then no parent's pipe, it knows the server from the home alone, it may ignore what commands mind."""
    aside = house.socket.rename(house.socket.with_suffix(".aside"))
    start = "from deployments.fork_server.child import main; main(after=0)"
    command = ignoring(("INT", "HUP"), sys.executable, "-c", start)
    with subprocess.Popen(command, env=house.environment, cwd=ROOT, stdin=subprocess.DEVNULL) as process:
        try:
            wait_until(house.socket.exists, LOADED)
            assert not house.done("check", str(house.form))[-1]
            assert (stopped(house), process.poll()) == (130, None)
        finally:
            process.terminate()
            process.wait(60)
            is_left = house.socket.exists()
            aside.rename(house.socket)
    assert (process.returncode, is_left) == (0, False)


def test_a_stream_that_is_closed_cannot_be_handed_over(house: House) -> None:
    command = ["sh", "-c", 'exec "$@" <&-', "sh", *house.command("check", str(house.form))]
    done = subprocess.run(command, env=house.environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "great_expectations" in done.stderr) == (1, True)


def test_a_server_that_is_stuck_keeps_nobody_waiting(house: House) -> None:
    house.server.suspend()
    try:
        code, *_, loads = house.done("check", str(house.form))
    finally:
        house.server.resume()
    assert (code, loads) == (1, True)
    assert not house.done("check", str(house.form))[-1]
    wait_until(lambda: not commands(house), 60)


def test_a_collection_writes_what_its_caller_may_read(house: House, tmp_path: Path) -> None:
    period = str(first_period(house.environment).shift(1))
    words = ("collect", "--period", period, "--as-of", f"{period}-19T09:00")
    code, said, complaints, loads = house.done(*words)
    assert (code, loads, complaints) == (0, False, []), said
    assert period[-2:] in said


def test_ctrl_c_ends_the_command(house: House) -> None:
    assert stopped(house) == 130
    assert not commands(house)


def test_what_its_caller_ignores_a_command_ignores(house: House) -> None:
    with house.writing("HUP", "INT") as process:
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGINT)
        printed, _ = process.communicate(timeout=60)
        assert process.returncode == 1
        assert json.loads(printed)["findings"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_command_ends_with_its_caller(house: House, number: signal.Signals) -> None:
    with house.writing() as process:
        process.send_signal(number)
        assert process.wait(60) == -number
        wait_until(lambda: not commands(house), 60)


def test_a_command_that_is_killed_ends_its_caller_alike(house: House) -> None:
    with house.writing() as process:
        (minding,) = commands(house)
        (command,) = minding.children()
        command.kill()
        assert process.wait(60) == -signal.SIGKILL


def test_nobody_else_may_call_and_nonsense_ends_nothing(house: House) -> None:
    assert house.socket.stat().st_mode & 0o777 == 0o600
    for sent in (b"", b"x", b"\n{}\n", b"\n[1]\n"):
        with socket.socket(socket.AF_UNIX) as stranger, socket_path(house.socket.parent) as path:
            stranger.connect(path)
            stranger.sendall(sent)
            stranger.shutdown(socket.SHUT_WR)
            assert (stranger.recv(1), stranger.recv(1)) == (HERE, b"")
    assert not house.done("check", str(house.form))[-1]


def test_the_server_has_no_thread_that_a_fork_would_lose(house: House) -> None:
    """Threads of numpy's library, which minds forks itself, are none of Python's."""
    code = (
        "import sys, threading; from importlib import import_module; from deployments.fork_server.child import MODULES;"
        "[import_module(one) for one in MODULES]; print(threading.active_count())"
    )
    environment = clean_environment() | {"BAOCAO_HOME": house.environment["BAOCAO_HOME"]}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def test_every_command_that_is_sent_there_is_one() -> None:
    from deployments.commands.root import COMMANDS

    assert {*COMMANDS} >= SLOW_TO_LOAD


def commands(house: House) -> list[psutil.Process]:
    """The processes that mind a command at this moment."""
    return [one for one in house.server.children() if one.status() != psutil.STATUS_ZOMBIE]
