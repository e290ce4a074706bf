"""What is shipped for operators to start with says what the program says: prefect.yaml, systemd units, compose."""

import shutil
import subprocess
import sys
import tomllib
from configparser import ConfigParser, SectionProxy
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from dotenv import dotenv_values
from prefect.exceptions import ParameterTypeError
from prefect.schedules import Schedule
from support import ROOT
from support.stores.houses import clock_at, house

from baocao.workspace.workspace import Workspace
from deployments.environment import CLOSED_NETWORK
from deployments.serving.registry import deployments_of, scheduled_flows

SHIPPED = ROOT / "deployments"
AS_SERVE = ("User", "Group", "WorkingDirectory", "EnvironmentFile", "UMask", "NoNewPrivileges")
UNITS = {"": "serve", "-portal": "portal", "-watch": "watch", "-worker@": "worker"}


def workspace_at_end(home: Path) -> tuple[Workspace, datetime]:
    """The plan when its last date has passed, so that only what comes daily is left."""
    workspace = house(home, f"sqlite:///{home / 'baocao.db'}")
    return workspace, clock_at(workspace, "2024-01-01T08:00").now


def cron_of(schedules: list[Schedule]) -> list[dict[str, str]]:
    """With their names, without which Prefect refuses the file where ours are registered already."""
    return [{"cron": one.cron, "timezone": str(one.timezone), "slug": str(one.slug)} for one in schedules if one.cron]


def trigger_of(trigger: Any) -> dict[str, object]:
    return {"name": trigger.name, "expect": sorted(trigger.expect), "match": trigger.match.model_dump()}


def test_prefect_yaml_names_what_the_registry_makes(tmp_path: Path) -> None:
    workspace, now = workspace_at_end(tmp_path)
    told = yaml.safe_load((SHIPPED / "prefect.yaml").read_text())["deployments"]
    made = deployments_of(workspace, now, "baocao")
    schedules = [cron_of(schedules) for _, schedules in scheduled_flows(workspace, now)]
    assert told == [
        {
            "name": one.name,
            "entrypoint": one.entrypoint,
            "concurrency_limit": one.concurrency_limit,
            "enforce_parameter_schema": one.enforce_parameter_schema,
            "work_pool": {"name": one.work_pool_name},
            **({"triggers": [trigger_of(each) for each in one.triggers]} if one.triggers else {}),
            **({"schedules": daily} if daily else {}),
        }
        for one, daily in zip(made, schedules, strict=True)
    ]


def test_every_parameter_of_a_custom_run_is_described_and_checked(tmp_path: Path) -> None:
    workspace, now = workspace_at_end(tmp_path)
    for flow, _ in scheduled_flows(workspace, now):
        (made,) = [one for one in deployments_of(workspace, now) if one.flow_name == flow.name]
        schema = made._parameter_openapi_schema.model_dump_for_openapi()
        assert all(one["description"].endswith(".") for one in schema["properties"].values())
        assert made.enforce_parameter_schema
        if "period" in schema["properties"]:
            assert schema["properties"]["period"]["description"].startswith("Kỳ báo cáo. ")
            with pytest.raises(ParameterTypeError, match="period"):
                flow.validate_parameters({"period": "10-2022"})


def units_here(folder: Path) -> list[Path]:
    """The shipped units with the programs of this environment, which are looked for when they are verified."""
    made = []
    for unit in sorted((SHIPPED / "systemd").glob("*.service")):
        made.append(folder / unit.name)
        made[-1].write_text(unit.read_text().replace("/opt/baocao/.venv/bin", str(Path(sys.executable).parent)))
    return made


def test_systemd_takes_the_units_as_they_are(tmp_path: Path) -> None:
    units = units_here(tmp_path)
    assert [unit.name for unit in units] == [
        "baocao-commands.service",
        "baocao-portal.service",
        "baocao-watch.service",
        "baocao-worker@.service",
        "baocao.service",
    ]
    analyzer = shutil.which("systemd-analyze")
    if analyzer:  # in a container there is often none; the next test looks at the units in any case
        command = [analyzer, "verify", "--man=no", *map(str, units)]
        said = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
        assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


def service_of(kind: str) -> SectionProxy:
    unit = ConfigParser(interpolation=None, strict=True)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(SHIPPED / "systemd" / f"baocao{kind}.service")
    return unit["Service"]


@pytest.mark.parametrize("kind", UNITS)
def test_a_unit_runs_our_program_with_its_own_user_and_little_else(kind: str) -> None:
    service = service_of(kind)
    program, *arguments = service["ExecStart"].split()
    assert (Path(sys.executable).parent / Path(program).name).is_file()
    assert arguments[:1] == [UNITS[kind]]
    assert (service["User"], service["KillMode"], service["ProtectSystem"]) == ("baocao", "mixed", "strict")
    settings = dotenv_values(SHIPPED / "systemd" / "baocao.env.example")
    for folder in ("BAOCAO_HOME", "PREFECT_HOME"):  # all else is read-only
        assert Path(settings[folder] or "").is_relative_to(service["ReadWritePaths"])


def test_commands_are_kept_ready_where_those_who_type_them_are() -> None:
    """Shut in as the others, it would see another /tmp than they; and who stops it does not stop what they run."""
    shut_in = service_of("")
    service = service_of("-commands")
    program, *arguments = service["ExecStart"].split()
    assert (Path(program).name, arguments) == ("python", ["-m", "deployments.fork_server.child"])
    assert not {one for one in service if one.startswith(("Private", "Protect", "ReadWrite"))}
    assert service["KillMode"] == "process"
    assert [service[same] for same in AS_SERVE] == [shut_in[same] for same in AS_SERVE]


def test_compose_opens_only_the_loopback_and_waits_for_what_it_needs() -> None:
    services = yaml.safe_load((SHIPPED / "compose.yaml").read_text())["services"]
    assert set(services) == {"database", "server", "deployments", "worker", "watch", "portal"}
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert published == ["127.0.0.1:4200:4200", "127.0.0.1:8080:8080"]
    conditions = {
        name: {other: one["condition"] for other, one in service.get("depends_on", {}).items()}
        for name, service in services.items()
    }
    assert conditions == {
        "database": {},
        "server": {"database": "service_healthy"},
        "deployments": {"server": "service_healthy"},
        "worker": {"deployments": "service_completed_successfully"},
        "watch": {"deployments": "service_completed_successfully"},
        "portal": {"deployments": "service_completed_successfully"},
    }
    healthy = {other for waits in conditions.values() for other, one in waits.items() if one == "service_healthy"}
    assert all(services[name]["healthcheck"]["test"] for name in healthy)
    assert services["worker"]["deploy"]["replicas"] == 2


def test_compose_gives_prefect_a_database_and_a_password_of_its_own() -> None:
    server = yaml.safe_load((SHIPPED / "compose.yaml").read_text())["services"]["server"]["environment"]
    ours, theirs = server["BAOCAO_DATABASE_URL"], server["PREFECT_SERVER_DATABASE_CONNECTION_URL"]
    assert ours.rpartition("/")[2] != theirs.rpartition("/")[2]
    assert f"CREATE DATABASE {theirs.rpartition('/')[2]};" in (SHIPPED / "prefect-database.sql").read_text()
    assert server["PREFECT_SERVER_API_AUTH_STRING"] == server["PREFECT_API_AUTH_STRING"]
    assert all(server[name] == value for name, value in CLOSED_NETWORK.items())


def test_the_image_holds_all_that_is_installed() -> None:
    lines = (SHIPPED / "Dockerfile").read_text().splitlines()
    copied = {line.split()[1] for line in lines if line.startswith("COPY") and (ROOT / line.split()[1]).is_dir()}
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]["find"]["include"]
    assert copied == {"plans", *(name.removesuffix("*") for name in packages)}


def test_the_browser_is_sent_to_where_compose_publishes_the_server() -> None:
    server = yaml.safe_load((SHIPPED / "compose.yaml").read_text())["services"]["server"]
    host, port, _ = server["ports"][0].split(":")
    assert server["environment"]["PREFECT_SERVER_UI_API_URL"] == f"http://{host}:{port}/api"
    assert "deployments.serving.pages" in server["command"]
    assert {"server", "database"} < set(server["environment"]["NO_PROXY"].split(","))


def test_the_image_can_back_up_postgresql() -> None:
    assert "postgresql-client" in (SHIPPED / "Dockerfile").read_text()
