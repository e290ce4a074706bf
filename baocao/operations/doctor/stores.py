"""The database: reached, whole, of this program's version and of this plan, with a clock like ours."""

import shutil
from collections.abc import Iterator

from baocao.domain.planned.plan import Plan
from baocao.operations.doctor.check import Diagnosis, Subject
from baocao.store.engine.address import sqlite_path
from baocao.store.engine.database import current_revision
from baocao.store.engine.examining import (
    DamagedError,
    UnsoundError,
    UnusableError,
    clock_skew,
    corruption,
    examined,
    owner_of,
)
from baocao.store.engine.names import Engine
from baocao.store.engine.revisions import head_revision, known_revisions
from baocao.system.errors import BaocaoError
from baocao.workspace.settings import Settings

LARGEST_SKEW_SECONDS = 60
_DATABASE = Subject("database", "Cơ sở dữ liệu")
_CHECK_IT = "Kiểm tra BAOCAO_DATABASE_URL, dịch vụ và dung lượng đĩa"
_BROKEN = "Dừng các luồng và khôi phục bản sao lưu gần nhất: baocao restore TỆP --home THƯ-MỤC-MỚI"


def check_database(settings: Settings, plan: Plan | None) -> Diagnosis:
    """Look at the database without migrating or making it. ``plan`` is None where it cannot be read."""
    try:
        path = sqlite_path(settings.database)
        if path is not None and not path.exists():
            return _DATABASE.ok("chưa có, sẽ được tạo khi chạy lần đầu")
        with examined(settings.database) as engine:
            return next(_faults(engine, plan), None) or _sound(engine)
    except BaocaoError as error:
        return _DATABASE.of_error(error)
    except UnusableError as error:
        return _DATABASE.misconfigured(f"{error}: địa chỉ không dùng được", _CHECK_IT)
    except UnsoundError as error:
        return _DATABASE.failing(str(error), _BROKEN if isinstance(error, DamagedError) else _CHECK_IT)
    except OSError as error:
        return _DATABASE.failing(str(error), _CHECK_IT)


def _faults(engine: Engine, plan: Plan | None) -> Iterator[Diagnosis]:
    is_sqlite = engine.dialect.name == "sqlite"
    if is_sqlite and (fault := corruption(engine)):
        yield _DATABASE.failing(f"tệp bị hỏng: {fault}", _BROKEN)
    revision, head = current_revision(engine), head_revision()
    if revision is not None and revision not in known_revisions():
        yield _DATABASE.misconfigured(f"thuộc phiên bản mới hơn ({revision})", "Nâng cấp chương trình")
    owner = owner_of(engine)
    if plan is not None and owner is not None and owner != plan.code:
        detail = f"thuộc kế hoạch “{owner}”, không phải “{plan.code}”"
        yield _DATABASE.misconfigured(detail, "Đặt BAOCAO_HOME, BAOCAO_DATABASE_URL hoặc BAOCAO_PLAN cho đúng")
    if not is_sqlite and (skew := clock_skew(engine)) > LARGEST_SKEW_SECONDS:
        detail = f"đồng hồ máy chủ cơ sở dữ liệu lệch {skew:.0f} giây so với máy này"
        yield _DATABASE.warning(detail, "Đồng bộ đồng hồ hai máy (NTP)")
    if revision is not None and revision != head:
        detail = f"ở phiên bản {revision}, mới nhất là {head}"
        yield _DATABASE.warning(detail, "Sao lưu rồi chạy một lệnh bất kỳ, ví dụ baocao status; sẽ tự nâng cấp")
    if not is_sqlite and shutil.which("pg_dump") is None:
        yield _DATABASE.warning("thiếu pg_dump nên chưa sao lưu được", "Cài gói postgresql-client")


def _sound(engine: Engine) -> Diagnosis:
    address = engine.url.render_as_string(hide_password=True)
    return _DATABASE.ok(f"{address} ({current_revision(engine) or 'còn trống'})")
