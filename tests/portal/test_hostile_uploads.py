"""Every hostile file through the window, checked, handed in, collected: a calm answer, nothing gets in."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from support.months.steps import collect, stepping
from support.servers.windows import window_on
from support.workbooks.hostile import hostile_files
from support.workbooks.samples import filled_workbook

from baocao.domain.planned.period import Period
from baocao.domain.received.submission import Verdict
from baocao.store.engine.database import reading
from baocao.store.submissions import of_period

EMPTY = "nothing"
"""A file without a byte: it is told so, and that is all."""


@pytest.mark.slow
def test_all_of_them_are_refused_and_a_good_one_beside_them_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = filled_workbook(tmp_path).read_bytes()
    made = hostile_files(good)
    with stepping(tmp_path / "home", monkeypatch) as workspace, window_on(workspace, "2022-10-18T10:00") as window:
        clerk = window.signed_in("vanphong.soct@ninhbinh.example")
        clerk.get("/")

        def send(path: str, data: bytes) -> httpx.Response:
            return clerk.json("POST", path, files={"tep": ("tep.xlsx", data)})

        with ThreadPoolExecutor(4) as pool:
            told = dict(zip(made, pool.map(lambda one: send("/kiem-tra", one[0]), made.values()), strict=True))
        assert send("/kiem-tra", good).json()["verdict"] == "accepted", "nobody else is worse off"
        empty = told.pop(EMPTY)
        assert (empty.status_code, "rỗng" in empty.json()["error"]) == (400, True)
        for name, answer in told.items():
            rules = [one["rule"] for one in answer.json()["findings"]]
            said = (answer.status_code, answer.json()["verdict"], rules)
            assert said == (200, "unreadable", [made[name][1]]), name
        page = clerk.send("/kiem-tra", ("tep.xlsx", made["entity bomb"][0])).text
        assert ("Không đọc được tệp" in page, "Traceback" in page) == (True, False)
        for name, (data, _) in made.items():
            answer = send("/nop", data)
            assert (answer.status_code, answer.json().get("verdict")) == (400 if name == EMPTY else 200, None), name
        collect(workspace, as_of="2022-10-18T11:00")
        with reading(workspace.engine) as connection:
            filed = of_period(connection, Period(2022, 10))
        assert {one.verdict for one in filed} == {Verdict.UNREADABLE}
        assert window.visitor().get("/suc-khoe").status_code == 200
