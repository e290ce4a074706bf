"""Khôi phục: a backup put into an empty home and an empty database; what was mailed before is never mailed again.

Everything is unpacked beside its place and checked first; only a whole backup is put in place, the database at last.
"""

import hashlib
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import uuid4

from baocao.domain.signature import Signature
from baocao.domain.wording import moment_text
from baocao.operations.safekeeping.disk import disk_explained
from baocao.operations.safekeeping.manifest import (
    HOME,
    NAME,
    PLAN,
    SECRET,
    Entry,
    Manifest,
    checked_name,
    parse_manifest,
)
from baocao.store import audit
from baocao.store.engine.address import sqlite_address, sqlite_path
from baocao.store.engine.database import is_empty, open_database, writing
from baocao.store.engine.dumping import kind_of, load
from baocao.store.engine.revisions import head_revision
from baocao.store.outbox.deliveries import hold_unsent
from baocao.system.errors import UsageError
from baocao.workspace.settings import Settings

_STAGING = ".khoi-phuc-"
_RESTORED = "restored.db"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back. ``held``: mails that were not sent when the backup was made, now left to a person.

    ``is_plan_other``: the configured plan is not the one of the backup, which lies in ``plan_folder``.
    """

    manifest: Manifest
    held: int
    plan_folder: Path
    is_plan_other: bool


def restore(settings: Settings, source: Path, signed: Signature) -> Restored:
    """Put a backup into the empty home and database of the settings.

    Raises:
        UsageError: there is no such backup, it is not sound or not for this kind of database, or the home or the
            database is not empty; nothing is changed.
        OutsideServiceError: the disk or the database fails; the home stays empty.
    """
    _check_places(settings)
    with disk_explained(f"Không khôi phục được vào {settings.home}"), _staging(settings.home) as staging:
        manifest = _unpack(source, staging)
        _check_kind(settings, manifest)
        held = _put_database(settings, staging, manifest, source, signed)
        is_plan_other = not _is_same_plan(settings.plan_folder, manifest)
        with _database_beside(settings, staging) as put_in_place:
            _put_files(settings.home, staging)
            put_in_place()
    return Restored(manifest, held, settings.home / PLAN, is_plan_other)


def _check_places(settings: Settings) -> None:
    home = settings.home
    if home.exists() and (not home.is_dir() or any(not one.name.startswith(_STAGING) for one in home.iterdir())):
        raise UsageError(
            f"Thư mục dữ liệu {home} không trống; chỉ khôi phục vào thư mục trống (--home hoặc BAOCAO_HOME)."
        )
    if not is_empty(settings.database):
        raise UsageError("Cơ sở dữ liệu đích không trống; hãy đặt BAOCAO_DATABASE_URL tới một cơ sở dữ liệu trống.")


@contextmanager
def _staging(home: Path) -> Iterator[Path]:
    is_new = not home.exists()
    home.mkdir(parents=True, exist_ok=True)
    for left in home.glob(f"{_STAGING}*"):
        shutil.rmtree(left)
    folder = home / f"{_STAGING}{uuid4().hex[:8]}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if is_new and not any(home.iterdir()):
            home.rmdir()


def _unpack(source: Path, staging: Path) -> Manifest:
    """All files, under checked names only; each must be the very file that the manifest tells of."""
    found: dict[str, Entry] = {}
    manifest = None
    try:
        with tarfile.open(source, "r:gz") as tar:
            for member in tar:
                name = checked_name(member.name)
                content = tar.extractfile(member) if member.isreg() and name not in found else None
                if content is None or manifest is not None:
                    raise UsageError(f"Bản sao lưu có mục lạ “{name[:80]}”; không khôi phục từ tệp này.")
                if name == NAME:
                    manifest = parse_manifest(content.read())
                else:
                    found[name] = _write(staging / name, content)
    except FileNotFoundError:
        raise UsageError(f"Không có bản sao lưu {source}; hãy kiểm tra lại đường dẫn.") from None
    except (tarfile.TarError, zlib.error, EOFError, UnicodeError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise UsageError(f"Không đọc được bản sao lưu {source}: tệp bị hỏng hoặc bị cắt cụt.") from error
    if manifest is None or manifest.files != found:
        raise UsageError(f"Bản sao lưu {source} không toàn vẹn: tổng kiểm tra của tệp bên trong không khớp.")
    return manifest


def _write(path: Path, content: IO[bytes]) -> Entry:
    digest, size = hashlib.sha256(), 0
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with path.open("xb") as file:
        path.chmod(0o640)
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
    return Entry(sha256=digest.hexdigest(), size=size)


def _check_kind(settings: Settings, manifest: Manifest) -> None:
    if manifest.kind != kind_of(settings.database):
        raise UsageError(
            f"Bản sao lưu là của {manifest.kind}; hãy đặt BAOCAO_DATABASE_URL tới một cơ sở dữ liệu {manifest.kind} "
            "trống rồi khôi phục."
        )
    if manifest.database not in manifest.files or manifest.revision > head_revision():
        raise UsageError("Bản sao lưu này do phiên bản mới hơn của chương trình tạo; hãy nâng cấp rồi khôi phục.")


def _put_database(settings: Settings, staging: Path, manifest: Manifest, source: Path, signed: Signature) -> int:
    """Load the database, bring it up to date, and leave what was not sent to a person: it may have gone out since."""
    is_sqlite = kind_of(settings.database) == "sqlite"
    url = sqlite_address(staging / _RESTORED) if is_sqlite else settings.database
    load(url, staging / manifest.database)
    engine = open_database(url, manifest.plan, signed.at)
    note = f"khôi phục từ bản sao lưu lúc {moment_text(manifest.made_at)}; thư có thể đã được gửi sau lúc đó"
    try:
        with writing(engine) as connection:
            held = hold_unsent(connection, note)
            details = {"file": source.name, "made_at": manifest.made_at.isoformat(), "held": held}
            audit.record(connection, signed, "restore", source.name, details)
    finally:
        engine.dispose()
    return held


def _put_files(home: Path, staging: Path) -> None:
    secrets = staging / HOME / SECRET
    if secrets.is_dir():
        secrets.chmod(0o700)
        for path in secrets.rglob("*"):
            path.chmod(0o600)
    for one in sorted((staging / HOME).iterdir()) if (staging / HOME).is_dir() else []:
        one.rename(home / one.name)
    if (staging / PLAN).is_dir():
        (staging / PLAN).rename(home / PLAN)


@contextmanager
def _database_beside(settings: Settings, staging: Path) -> Iterator[Callable[[], object]]:
    """Carry SQLite's file to where it will lie, so that putting it in place is but a change of name."""
    path = sqlite_path(settings.database)
    if path is None:
        yield lambda: None
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{staging.name}.db")
    try:
        shutil.move(staging / _RESTORED, beside)
        yield lambda: beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _is_same_plan(folder: Path, manifest: Manifest) -> bool:
    kept = {name.removeprefix(f"{PLAN}/"): one for name, one in manifest.files.items() if name.startswith(f"{PLAN}/")}
    if not folder.is_dir():
        return False
    here = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
    return here == {name: one.sha256 for name, one in kept.items()}
