"""The command of an installed service: the settings of its file, as the file's owner, from any folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT


@pytest.fixture
def command(tmp_path: Path) -> Path:
    """The shipped command in an installation of its own, whose program is this one."""
    place = tmp_path / "opt" / "deployments" / "systemd" / "baocao"
    program = tmp_path / "opt" / ".venv" / "bin" / "baocao"
    for folder in (place.parent, program.parent):
        folder.mkdir(parents=True)
    shutil.copy(ROOT / "deployments" / "systemd" / "baocao", place)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m deployments.cli "$@"\n')
    program.chmod(0o755)
    link = tmp_path / "baocao"
    link.symlink_to(place)
    return link


def run(command: Path, settings: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"BAOCAO_ENV": str(settings), "PYTHONPATH": str(ROOT)}
    return subprocess.run([command, *words], env=environment, capture_output=True, check=False, text=True)


@pytest.mark.slow
def test_a_command_has_the_settings_of_the_service_s_file(command: Path, tmp_path: Path) -> None:
    settings = tmp_path / "baocao.env"
    settings.write_text(f"# của dịch vụ\nBAOCAO_HOME='{tmp_path}/nhà $1'\nBAOCAO_SMTP_FROM='Báo cáo <a@b.example>'\n")
    done = run(command, settings, "template", "--unit", "SCT", "--period", "2022-10", "-o", str(tmp_path / "m.xlsx"))
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "nhà $1" / "secrets").is_dir()


def test_without_its_file_a_command_does_nothing_and_says_so(command: Path, tmp_path: Path) -> None:
    done = run(command, tmp_path / "khong-co.env", "--version")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Không có tệp cấu hình" in done.stderr
