"""A real Dovecot on loopback for the tests: its own configuration, TLS by a certificate of its own, Maildir on disk."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

from support.servers.smtp import free_port, make_certificate

USER, PASSWORD = "baocao", "mat-khau-thu"
_OWNER = "nobody"
_INDEXES = ("dovecot-uidlist", "dovecot.index*", "dovecot-uidvalidity*", "dovecot.list.index*")

_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{certificate}
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{mail}
mailbox_list_index = no
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""
_WITHOUT_ROOT = """
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
service stats {{
  unix_listener stats-writer {{
    user = {user}
  }}
}}
"""


class ImapServer:
    """The running server: where it listens, and its mail on disk."""

    def __init__(self, folder: Path) -> None:
        self.host = "127.0.0.1"
        self.tls, self.plain = free_port(), free_port()
        self.certificate = make_certificate(folder / "server.pem")
        self.mail = folder / "mail"
        self._folder = folder
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._uid, self._gid = _owner()
        self._write_configuration()

    def _write_configuration(self) -> None:
        for path in (self.mail, *(self.mail / name for name in ("cur", "new", "tmp"))):
            path.mkdir()
            os.chown(path, self._uid, self._gid)
        (self._folder / "users").write_text(f"{USER}:{PASSWORD}\n")
        text = _CONFIGURATION.format(
            folder=self._folder,
            certificate=self.certificate,
            mail=self.mail,
            uid=self._uid,
            gid=self._gid,
            plain=self.plain,
            tls=self.tls,
        )
        if os.geteuid() != 0:
            from grp import getgrgid
            from pwd import getpwuid

            text += _WITHOUT_ROOT.format(user=getpwuid(os.getuid()).pw_name, group=getgrgid(os.getgid()).gr_name)
        (self._folder / "dovecot.conf").write_text(text)

    def start(self) -> None:
        """Start, and wait until it answers."""
        program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if program is None:
            raise FileNotFoundError("Dovecot is not installed: apt-get install dovecot-imapd (as .ci/run does)")
        self._process = subprocess.Popen(
            [program, "-F", "-c", str(self._folder / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(200):
            try:
                with socket.create_connection((self.host, self.tls), timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise TimeoutError(self.log)

    def stop(self) -> None:
        """Stop at once; every connection breaks."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    @property
    def log(self) -> str:
        """What the server has to say."""
        path = self._folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def put(self, raw: bytes, at: datetime | None = None) -> None:
        """Deliver a message into the inbox, as a mail server does; ``at`` becomes its INTERNALDATE."""
        name = f"{time.time():.0f}.{next(self._numbers):06}.thu"
        path = self.mail / "tmp" / name
        path.write_bytes(raw)
        os.chown(path, self._uid, self._gid)
        if at is not None:
            os.utime(path, (at.timestamp(), at.timestamp()))
        path.rename(self.mail / "new" / name)

    def messages(self, folder: str = "INBOX") -> list[bytes]:
        """The messages in a folder, in the order of delivery.

        The server may be renaming its files meanwhile (``new`` to ``cur``, flags in the name): then it is listed again.
        """
        for _ in range(100):
            try:
                return [path.read_bytes() for path in self._paths(folder)]
            except FileNotFoundError:
                continue
        raise TimeoutError(f"{folder} never stands still")

    def empty(self) -> None:
        """Take every message away."""
        for folder in ("INBOX", *(path.name[1:] for path in self.mail.glob(".*"))):
            for path in self._paths(folder):
                path.unlink()

    def put_back(self, folder: str) -> None:
        """Move everything of a folder back into the inbox, as a restored or confused mailbox has it."""
        for path in self._paths(folder):
            path.rename(self.mail / "new" / path.name.partition(":")[0])

    def _paths(self, folder: str) -> list[Path]:
        root = self.mail if folder == "INBOX" else self.mail / f".{folder}"
        paths = [path for name in ("new", "cur") if (root / name).is_dir() for path in (root / name).iterdir()]
        return sorted(paths, key=lambda path: path.name)

    def renumber(self) -> None:
        """Forget all numbers: the next client meets another UIDVALIDITY."""
        for pattern in _INDEXES:
            for path in self.mail.glob(pattern):
                path.unlink()


def _owner() -> tuple[int, int]:
    """Whose the mail is: Dovecot never serves root's."""
    if os.geteuid() != 0:
        return os.getuid(), os.getgid()
    from pwd import getpwnam

    owner = getpwnam(_OWNER)
    return owner.pw_uid, owner.pw_gid


@contextmanager
def imap_server() -> Iterator[ImapServer]:
    """A server with an empty mailbox for the length of the block."""
    folder = Path(tempfile.mkdtemp(prefix="imap-"))
    folder.chmod(0o755)
    server = ImapServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
