"""The round: what needs no settings first, then what each setting leads to."""

from collections.abc import Callable, Iterator
from datetime import datetime

from baocao.domain.planned.plan import Plan
from baocao.operations.doctor.check import Diagnosis, Subject
from baocao.operations.doctor.house import check_archive, check_dask, check_people, check_secrets
from baocao.operations.doctor.machine import (
    check_clock,
    check_fonts,
    check_libreoffice,
    check_packages,
    check_python,
    check_zone,
)
from baocao.operations.doctor.places import check_disk, check_env_file, check_home, check_inbox
from baocao.operations.doctor.services import check_imap, check_prefect, check_smtp
from baocao.operations.doctor.serving import check_serve
from baocao.operations.doctor.signing import check_seal, check_signers
from baocao.operations.doctor.stores import check_database
from baocao.operations.doctor.troubles import check_network, check_troubles
from baocao.plan.loading import load_plan
from baocao.system.errors import UsageError
from baocao.workspace.settings import Settings, load_settings

_SETTINGS = Subject("settings", "Cấu hình")
_PLAN = Subject("plan", "Kế hoạch")


def examine(now: datetime) -> Iterator[Diagnosis]:
    """Every check in turn, as it is done; ``now`` is aware. Nothing raises, nothing is changed, no secret is shown."""
    yield check_python()
    yield check_packages()
    yield from check_fonts()
    yield check_libreoffice()
    yield check_clock(now)
    yield check_env_file()
    yield check_network()
    try:
        settings = load_settings()
    except UsageError as error:
        yield _SETTINGS.of_error(error)
        return
    yield _SETTINGS.ok(f"BAOCAO_HOME={settings.home}, BAOCAO_PLAN={settings.plan_folder}")
    yield from _with_settings(settings, now)


def _with_settings(settings: Settings, now: datetime) -> Iterator[Diagnosis]:
    plan: Plan | None = None
    try:
        plan = load_plan(settings.plan_folder)
    except UsageError as error:
        yield _PLAN.of_error(error, "Sửa BAOCAO_PLAN hoặc tệp của kế hoạch, rồi xem lại: baocao plan check")
    else:
        yield _PLAN.ok(f"{plan.code}: {len(plan.units)} đơn vị, {len(plan.periods)} kỳ")
        yield check_zone(plan, now)
        yield check_people(settings, plan)
    rounds: tuple[Callable[[], Diagnosis], ...] = (
        lambda: check_home(settings),
        lambda: check_disk(settings),
        lambda: check_inbox(settings),
        lambda: check_database(settings, plan),
        lambda: check_secrets(settings),
        lambda: check_archive(settings),
        lambda: check_signers(settings, now),
        lambda: check_seal(settings, now),
        lambda: check_smtp(settings),
        lambda: check_imap(settings),
        lambda: check_dask(settings),
        lambda: check_prefect(now),
        lambda: check_serve(settings),
        lambda: check_troubles(settings),
    )
    for look in rounds:
        yield look()
