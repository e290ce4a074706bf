"""What the doctor says of the authorities that are trusted and of the office's seal."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.reports.authority import Authority, Person

from baocao.operations.doctor.check import Level
from baocao.operations.doctor.signing import check_seal, check_signers
from baocao.workspace.settings import Settings, load_settings

NOW = datetime(2022, 10, 24, 9, tzinfo=UTC)
PASSWORD = b"mat-khau"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority("CA mẫu")


def sealed(folder: Path, holder: Person, *, mode: int = 0o600, password: bytes = PASSWORD) -> Settings:
    """Settings with a seal; its password's file has this mode and content."""
    (folder / "dau.p12").write_bytes(holder.p12(PASSWORD))
    secret = folder / "mat-khau"
    secret.write_bytes(password)
    secret.chmod(mode)
    return load_settings(home=folder, seal_p12=folder / "dau.p12", seal_password_file=secret, _env_file=None)


def test_a_house_that_does_not_sign_is_sound(tmp_path: Path) -> None:
    plain = load_settings(home=tmp_path, _env_file=None)
    assert {check_signers(plain, NOW).level, check_seal(plain, NOW).level} == {Level.OK}


def test_reports_wait_for_signatures_that_nobody_can_verify(tmp_path: Path, authority: Authority) -> None:
    unset = check_signers(load_settings(home=tmp_path, release="signed", _env_file=None), NOW)
    assert (unset.level, "BAOCAO_SIGNERS" in unset.detail) == (Level.FAULT, True)
    trusted = tmp_path / "ca.pem"
    settings = load_settings(home=tmp_path, release="signed", signers=trusted, _env_file=None)
    assert check_signers(settings, NOW).level is Level.FAULT, "there is no such file"
    trusted.write_bytes(authority.pem())
    check = check_signers(settings, NOW)
    assert (check.level, "CA mẫu" in check.detail, "01/01/2040" in check.detail) == (Level.OK, True, True)
    assert check_signers(settings, datetime(2040, 1, 2, tzinfo=UTC)).level is Level.FAULT


@pytest.mark.parametrize(("days", "level"), [(31, Level.OK), (29, Level.WARNING), (-1, Level.FAULT)])
def test_a_seal_that_is_about_to_end_is_told(tmp_path: Path, authority: Authority, days: int, level: Level) -> None:
    check = check_seal(sealed(tmp_path, authority.person("Sở mẫu", last=NOW + timedelta(days=days))), NOW)
    assert (check.level, "Sở mẫu" in check.detail) == (level, True)


@pytest.mark.parametrize("wrong", [{"mode": 0o644}, {"password": b"khac"}])
def test_a_seal_that_cannot_be_used_is_told(tmp_path: Path, authority: Authority, wrong: dict[str, object]) -> None:
    check = check_seal(sealed(tmp_path, authority.person("Sở mẫu"), **wrong), NOW)  # type: ignore[arg-type]
    assert (check.level, bool(check.remedy), "mat-khau" in check.detail.split("(")[0]) == (Level.FAULT, True, False)
