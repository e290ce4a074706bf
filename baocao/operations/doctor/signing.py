"""Whether reports can be signed and sealed: the trusted authorities, the office's key, and how long both still hold."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from baocao.operations.doctor.check import Diagnosis, Subject
from baocao.reporting.sealing import open_seal
from baocao.signatures.verifying import read_trust
from baocao.system.errors import UsageError
from baocao.workspace.settings import Settings

_SIGNERS = Subject("signers", "Chữ ký số")
_SEAL = Subject("seal", "Con dấu số")
_SOON = timedelta(days=30)
_RENEW_SIGNERS = "Thay chứng thư mới vào tệp BAOCAO_SIGNERS"
_RENEW_SEAL = "Xin gia hạn con dấu số, thay tệp BAOCAO_SEAL_P12 và tệp mật khẩu"


def check_signers(settings: Settings, now: datetime) -> Diagnosis:
    """Whether what comes back signed can be verified, where reports wait for it; ``now`` is aware."""
    if settings.release != "signed" and settings.signers is None:
        return _SIGNERS.ok("không dùng (BAOCAO_RELEASE=plain)")
    try:
        trust = read_trust(settings.signers)
    except UsageError as error:
        return _SIGNERS.of_error(error, "Sửa BAOCAO_SIGNERS, hoặc đặt BAOCAO_RELEASE=plain")
    return _held(_SIGNERS, trust.authorities, now, _RENEW_SIGNERS)


def check_seal(settings: Settings, now: datetime) -> Diagnosis:
    """Whether the seal that is put on every report can be opened and still holds; ``now`` is aware."""
    if settings.seal_p12 is None:
        return _SEAL.ok("không dùng")
    try:
        signer = open_seal(settings.seal_p12, settings.seal_password_file)
    except UsageError as error:
        return _SEAL.of_error(error, "Sửa BAOCAO_SEAL_P12 và BAOCAO_SEAL_PASSWORD_FILE")
    return _held(_SEAL, [signer.signing_cert], now, _RENEW_SEAL)


def _held(subject: Subject, certificates: Iterable[Any], now: datetime, remedy: str) -> Diagnosis:
    """Broken where the last certificate is over, a warning in its last month."""
    last = max(certificates, key=lambda one: one.not_valid_after)
    name, until = last.subject.native.get("common_name") or last.subject.human_friendly, last.not_valid_after
    if until <= now:
        return subject.misconfigured(f"chứng thư “{name}” đã hết hạn ngày {until:%d/%m/%Y}", remedy)
    if until - now <= _SOON:
        return subject.warning(f"chứng thư “{name}” hết hạn ngày {until:%d/%m/%Y}", remedy)
    return subject.ok(f"{name}, còn hạn đến {until:%d/%m/%Y}")
