"""The database: reached, whole, of this program's version and of this plan, with a clock like ours."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from baocao.domain.planned.plan import Plan
from baocao.operations.doctor.check import Check, Subject
from baocao.store.engine.database import connect, current_revision, is_corrupt, reading
from baocao.store.engine.revisions import head_revision, known_revisions
from baocao.store.schema.reporting import home
from baocao.system.errors import BaocaoError
from baocao.workspace.settings import Settings

LARGEST_SKEW_SECONDS = 60
_DATABASE = Subject("database", "Cơ sở dữ liệu")
_CHECK_IT = "Kiểm tra BAOCAO_DATABASE_URL, dịch vụ và dung lượng đĩa"
_BROKEN = "Dừng các luồng và khôi phục bản sao lưu gần nhất: baocao restore TỆP --home THƯ-MỤC-MỚI"


def check_database(settings: Settings, plan: Plan | None) -> Check:
    """Look at the database without migrating or making it. ``plan`` is None where it cannot be read."""
    try:
        address = make_url(settings.database)
        if address.get_backend_name() == "sqlite" and not Path(address.database or "").exists():
            return _DATABASE.ok("chưa có, sẽ được tạo khi chạy lần đầu")
        with _opened(settings.database) as engine:
            return next(_faults(engine, plan), None) or _sound(engine)
    except BaocaoError as error:
        return _DATABASE.of_error(error)
    except DBAPIError as error:
        return _DATABASE.failing(" ".join(str(error.orig).split())[:200], _BROKEN if is_corrupt(error) else _CHECK_IT)
    except OSError as error:
        return _DATABASE.failing(str(error), _CHECK_IT)
    except (SQLAlchemyError, ImportError, ValueError) as error:
        return _DATABASE.misconfigured(f"{type(error).__name__}: địa chỉ không dùng được", _CHECK_IT)


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    engine = connect(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _faults(engine: Engine, plan: Plan | None) -> Iterator[Check]:
    is_sqlite = engine.dialect.name == "sqlite"
    if is_sqlite and (fault := _corruption(engine)):
        yield _DATABASE.failing(f"tệp bị hỏng: {fault}", _BROKEN)
    revision, head = current_revision(engine), head_revision()
    if revision is not None and revision not in known_revisions():
        yield _DATABASE.misconfigured(f"thuộc phiên bản mới hơn ({revision})", "Nâng cấp chương trình")
    owner = _owner(engine)
    if plan is not None and owner is not None and owner != plan.code:
        detail = f"thuộc kế hoạch “{owner}”, không phải “{plan.code}”"
        yield _DATABASE.misconfigured(detail, "Đặt BAOCAO_HOME, BAOCAO_DATABASE_URL hoặc BAOCAO_PLAN cho đúng")
    if not is_sqlite and (skew := _skew(engine)) > LARGEST_SKEW_SECONDS:
        detail = f"đồng hồ máy chủ cơ sở dữ liệu lệch {skew:.0f} giây so với máy này"
        yield _DATABASE.warning(detail, "Đồng bộ đồng hồ hai máy (NTP)")
    if revision is not None and revision != head:
        detail = f"ở phiên bản {revision}, mới nhất là {head}"
        yield _DATABASE.warning(detail, "Sao lưu rồi chạy một lệnh bất kỳ, ví dụ baocao status; sẽ tự nâng cấp")
    if not is_sqlite and shutil.which("pg_dump") is None:
        yield _DATABASE.warning("thiếu pg_dump nên chưa sao lưu được", "Cài gói postgresql-client")


def _sound(engine: Engine) -> Check:
    address = engine.url.render_as_string(hide_password=True)
    return _DATABASE.ok(f"{address} ({current_revision(engine) or 'còn trống'})")


def _corruption(engine: Engine) -> str:
    with reading(engine) as connection:
        found = connection.scalar(text("PRAGMA integrity_check"))
        if found != "ok":
            return " ".join(str(found).split())[:120]
        orphan = connection.execute(text("PRAGMA foreign_key_check")).first()
    return f"bảng {orphan[0]} có dòng mồ côi" if orphan else ""


def _owner(engine: Engine) -> str | None:
    if not inspect(engine).has_table(home.name):
        return None
    with reading(engine) as connection:
        owner: str | None = connection.scalar(select(home.c.plan))
    return owner


def _skew(engine: Engine) -> float:
    with reading(engine) as connection:
        theirs = connection.scalar(text("SELECT clock_timestamp()"))
    return abs((theirs - datetime.now(UTC)).total_seconds()) if theirs is not None else 0.0
