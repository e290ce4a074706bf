"""What comes from outside is never run, followed or let in: macros, links to elsewhere, a server open to everybody."""

import os
import subprocess
import sys
from pathlib import Path
from socket import create_server

import pytest
from support import ROOT
from support.workbooks import hostile
from support.workbooks.samples import filled_workbook, plan

from baocao.domain.received.finding import Finding, Severity
from baocao.domain.received.submission import Checked
from baocao.isolation.pools import mark_safely
from baocao.isolation.process import read_one
from baocao.workbook.marking.request import Marking

LINK = "xl/externalLinks/externalLink1.xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def with_macro_and_link(good: bytes, port: int) -> bytes:
    """A form that also brings a macro project and a link to a workbook on a server."""
    address = f"http://127.0.0.1:{port}/so-lieu.xlsx"
    link = f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{RELATIONS}" r:id="rId1"/></externalLink>'
    target = (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{RELATIONS}/externalLinkPath" '
        f'Target="{address}" TargetMode="External"/></Relationships>'
    )
    reference = f'<externalReference xmlns:r="{RELATIONS}" r:id="rIdL"/>'
    book = hostile.part(good, "xl/workbook.xml").replace(
        b"</sheets>", f"</sheets><externalReferences>{reference}</externalReferences>".encode()
    )
    relations = hostile.part(good, "xl/_rels/workbook.xml.rels").replace(
        b"</Relationships>",
        f'<Relationship Id="rIdL" Type="{RELATIONS}/externalLink" Target="externalLinks/externalLink1.xml"/>'
        '<Relationship Id="rIdM" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
        'Target="vbaProject.bin"/></Relationships>'.encode(),
    )
    types = hostile.part(good, "[Content_Types].xml").replace(
        b"</Types>",
        b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override PartName="/'
        + LINK.encode()
        + b'" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"/></Types>',
    )
    return hostile.repacked(
        good,
        {
            "xl/vbaProject.bin": bytes(4096),
            LINK: link.encode(),
            "xl/externalLinks/_rels/externalLink1.xml.rels": target.encode(),
            "xl/workbook.xml": book,
            "xl/_rels/workbook.xml.rels": relations,
            "[Content_Types].xml": types,
        },
    )


@pytest.mark.slow
def test_macros_are_not_run_and_links_not_followed(tmp_path: Path) -> None:
    good = filled_workbook(tmp_path)
    path = tmp_path / "co-macro.xlsm"
    with create_server(("127.0.0.1", 0)) as server:
        path.write_bytes(with_macro_and_link(good.read_bytes(), server.getsockname()[1]))
        content = read_one(path, plan())
        assert content == read_one(good, plan())
        fault = Finding("ratio_mismatch", Severity.CRITICAL, "Sai (số liệu mô phỏng).", "Chỉ tiêu", "D7", "A1")
        (copy,) = mark_safely(plan(), [Marking(path, Checked(content, (fault,)))])
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()
    assert copy is not None
    assert b"vbaProject" not in copy


@pytest.mark.slow
def test_prefect_is_not_opened_to_others_without_a_password(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BAOCAO_", "PREFECT_"))}
    mine = {"BAOCAO_HOME": str(tmp_path / "home"), "PREFECT_SERVER_API_HOST": "192.0.2.1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "deployments.cli", "serve"],
        env={**kept, **mine},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2
    assert "PREFECT_SERVER_API_AUTH_STRING" in done.stderr
