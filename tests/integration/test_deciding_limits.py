"""What a person's decision cannot do: take time away, or put figures that cannot be into a sum."""

import json
from datetime import datetime

import pytest
from support.stores.facts import OCTOBER, submit
from support.stores.houses import clock_at
from support.workbooks.content import clean_content, counted

from baocao.decisions.overrides import extend, override
from baocao.decisions.signing import sign
from baocao.decisions.versions import list_versions
from baocao.domain.received.finding import Finding, Severity
from baocao.domain.received.submission import Timeliness, Verdict
from baocao.domain.reported.progress import is_impossible
from baocao.domain.signature import Signature
from baocao.narrative.results import coverage
from baocao.operations.export import export_rows
from baocao.oversight.tracing import trace
from baocao.reporting.preparation import prepare_report
from baocao.site import build_site
from baocao.store.accepted.tallies import reach, summed
from baocao.store.audit import entries
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import list_messages
from baocao.system.errors import UsageError
from baocao.workspace.workspace import Workspace

TOO_MANY = Finding("numerator_exceeds", Severity.CRITICAL, "Tử số lớn hơn mẫu số (số liệu mô phỏng).", "Chỉ tiêu", "E9")


def signed(workspace: Workspace) -> Signature:
    return sign("Trần Thị Mẫu", "đã đối chiếu", clock_at(workspace, "2022-10-21T09:00"))


@pytest.mark.slow
def test_an_extension_never_takes_time_away(workspace: Workspace) -> None:
    submit(workspace.engine, clean_content())
    give = signed(workspace)
    extend(workspace, "SCT", OCTOBER, datetime(2022, 10, 25, 17), give)
    for moment in (datetime(2022, 10, 22), datetime(2022, 10, 25, 17)):
        with pytest.raises(UsageError, match="không rút ngắn"):
            extend(workspace, "SCT", OCTOBER, moment, give)
    (one,) = list_versions(workspace, OCTOBER)
    assert one.submission.timeliness is Timeliness.ON_TIME
    assert workspace.local(one.submission.submit_before) == datetime(2022, 10, 25, 17, tzinfo=workspace.zone)


@pytest.mark.parametrize(
    ("numerator", "denominator", "is_so"),
    [(120, 100, True), (-1, 100, True), (0, -2, True), (1.5, 2, True), (100, 100, False), (0, 0, False), (1, 0, True)],
)
def test_what_cannot_be(numerator: float, denominator: float, is_so: bool) -> None:
    assert is_impossible(numerator, denominator) is is_so
    assert not is_impossible(None, denominator if denominator >= 0 else None)


@pytest.mark.slow
def test_figures_that_cannot_be_stay_out_of_every_sum(workspace: Workspace) -> None:
    wrong = counted(clean_content(), "B1", 120.0, 100.0, note="theo công văn")
    submit(workspace.engine, wrong, findings=[TOO_MANY])
    typed = counted(clean_content(unit="SNV"), "B1", 30.0, 100.0, note="Không cộng vào số liệu chung vì không thể có")
    submit(workspace.engine, typed)
    with pytest.raises(UsageError, match="numerator_exceeds"):
        override(workspace, "SCT", OCTOBER, 1, Verdict.ACCEPTED, signed(workspace), ["ratio_mismatch"])
    override(workspace, "SCT", OCTOBER, 1, Verdict.ACCEPTED, signed(workspace), ["numerator_exceeds"])
    rows = {row["code"]: row for row in json.loads(export_rows(workspace, OCTOBER, "consolidated", "json"))}
    assert (rows["B1"]["numerator"], rows["B1"]["denominator"], rows["B1"]["units_reported"]) == (30, 100, 1)
    assert rows["B2"]["numerator"] == 200
    with reading(workspace.engine) as connection:
        sums = summed(connection, "thang", OCTOBER)
        assert reach(connection, workspace.plan, OCTOBER)["B1"].reported == 1
        (entry,) = entries(connection)
        (letter,) = list_messages(connection)
    assert sums.loc[sums["code"] == "B1", "numerator"].tolist() == [30.0]
    assert entry.details["rules_set_aside"] == {"numerator_exceeds": 1}
    path = next(workspace.outbox_folder.glob(f"{letter.key.replace('/', '~')}.eml"))
    from email import message_from_bytes, policy

    text = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "numerator_exceeds (1)" in text
    assert "Số liệu không thể có của B1 không được cộng" in " ".join(text.split())
    report = prepare_report(workspace, OCTOBER, clock_at(workspace, "2022-10-24T08:00"), is_draft=True).report
    (told,) = [one for one in report.unit_figures if (one.unit, one.code) == ("SCT", "B1")]
    assert "Không cộng vào số liệu chung vì không thể có: 120/100" in told.note
    assert "theo công văn" in told.note
    said = "02/03 đơn vị, chưa gồm số liệu của Sở Thông tin và Truyền thông. Chưa cộng B1 của Sở Công Thương vì số liệu"
    assert said in coverage(report)
    assert "Sở Nội vụ" not in coverage(report)  # whose clerk typed the system's own words
    parts = {part.unit: part for part in trace(workspace, OCTOBER, "B1").parts}
    assert [one["action"] for one in parts["SCT"].decisions][-1] == "set_aside"
    assert (parts["SNV"].numerator, parts["SNV"].decisions) == (30, ())
    build_site(workspace, clock_at(workspace, "2022-10-21T10:00"))
