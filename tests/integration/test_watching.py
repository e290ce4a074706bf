"""Arrivals are seen: in folders whether the kernel tells of them or not, in a real mailbox, also when it was away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from support.mail.mailboxes import letter, settings_of
from support.servers.imap import ImapServer
from support.servers.prefects import wait_until

from baocao.intake.folder import STABLE_SECONDS
from baocao.intake.watching import folder, mailbox
from baocao.intake.watching.folder import tells_changes, watch_folder
from baocao.intake.watching.mailbox import watch_mailbox
from baocao.system.errors import BaocaoError
from baocao.workspace.settings import load_settings
from baocao.workspace.workspace import Workspace

QUICK = 0.3


class Heard:
    """What a watch told; deaf to the first arrival when asked."""

    def __init__(self, deaf: int = 0) -> None:
        self.names: list[str] = []
        self.troubles: list[BaocaoError | None] = []
        self._deaf = deaf

    def arrived(self, names: frozenset[str]) -> bool:
        if self._deaf:
            self._deaf -= 1
            return False
        self.names += sorted(names)
        return True

    @property
    def told(self) -> list[str]:
        return [str(one) for one in self.troubles if one is not None]


@contextmanager
def watched(watch: Callable[..., None], workspace: Workspace, heard: Heard) -> Iterator[None]:
    leaving = Event()
    thread = Thread(target=watch, args=(workspace, heard.arrived, heard.troubles.append, leaving))
    thread.start()
    try:
        yield
    finally:
        leaving.set()
        thread.join(60)


def lay(workspace: Workspace, name: str) -> None:
    path = workspace.settings.inbox_folder / "SCT" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"PK\x03\x04")


@pytest.mark.slow  # two times the five seconds of lying still
@pytest.mark.parametrize("how", ["auto", "poll"])
def test_a_file_is_told_once_when_it_lies_still(tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(load_settings(home=tmp_path, watch=how, _env_file=None))
    monkeypatch.setattr(folder, "LOOK_SECONDS" if how == "poll" else "POLL_SECONDS", 600.0)  # not what is tested
    monkeypatch.setattr(folder, "POLL_SECONDS" if how == "poll" else "LOOK_SECONDS", QUICK if how == "poll" else 600.0)
    heard = Heard(deaf=1 if how == "poll" else 0)
    with watched(watch_folder, workspace, heard):
        wait_until(lambda: bool(heard.troubles), 30)  # the first look has been
        lay(workspace, "mot.xlsx")
        lay(workspace, "ghi-chu.txt")
        assert heard.names == []
        wait_until(lambda: len(heard.names) == 1, STABLE_SECONDS + 30)
        lay(workspace, "hai.xlsx")
        wait_until(lambda: len(heard.names) == 2, STABLE_SECONDS + 30)
    assert ["mot" in heard.names[0], "hai" in heard.names[1]] == [True, True]
    assert heard.told == []


def test_folders_of_other_machines_tell_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tells_changes(tmp_path)
    mounted = type("Part", (), {"mountpoint": str(tmp_path), "fstype": "nfs4"})
    monkeypatch.setattr("psutil.disk_partitions", lambda **_: [mounted])
    assert not tells_changes(tmp_path / "inbox")


@pytest.mark.slow
def test_mail_is_told_at_once_and_after_the_server_was_away(
    mailbox_server: ImapServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(mailbox_server.certificate))
    monkeypatch.setattr(mailbox, "PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr(mailbox, "_LONGEST_WAIT", 1.0)
    heard = Heard()
    with watched(watch_mailbox, Workspace(settings_of(mailbox_server, tmp_path)), heard):
        wait_until(lambda: bool(heard.troubles), 30)
        mailbox_server.put(letter().as_bytes())
        wait_until(lambda: len(heard.names) == 1, mailbox.IDLE_SECONDS / 2)  # told, not listed
        mailbox_server.stop()
        wait_until(lambda: len(heard.told) == 1, 60)
        mailbox_server.put(letter(number=2).as_bytes())
        mailbox_server.start()
        wait_until(lambda: len(set(heard.names)) == 2, 60)
    assert len(heard.told) == 1
    assert heard.troubles[-1] is None


@pytest.fixture
def mailbox_server(mailbox: ImapServer) -> ImapServer:
    mailbox.empty()
    return mailbox
