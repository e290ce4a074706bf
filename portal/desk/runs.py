"""Runs that failed: done again, by the function of ``baocao retry``."""

from baocao.decisions.runs import note_rerun
from baocao.domain.signature import Signature
from baocao.system.errors import NotDueError
from portal.room.visit import Visit
from portal.room.works import Stopped


def _one(visit: Visit) -> Stopped:
    run = visit.text("run")
    found = next((one for one in visit.house.works.stopped() or () if one.run == run), None)
    if found is None:
        raise NotDueError("Lần chạy này không còn bị lỗi, hoặc máy chủ chưa trả lời. Hãy mở lại bàn làm việc.")
    return found


def state(visit: Visit) -> str:
    """How a run ended."""
    one = _one(visit)
    return f"{one.run}/{one.said}"


def follows(visit: Visit) -> list[str]:
    """What running again does."""
    return [
        f"“{_one(visit).name}” được chạy lại ngay, với cùng tham số.",
        "Việc đã làm thì không làm hai lần: thư đã gửi không gửi lại, tệp đã nhận không nhận lại.",
    ]


def again(visit: Visit, signed: Signature) -> None:
    """Run it again."""
    one = _one(visit)
    visit.house.works.again(one.run)
    note_rerun(visit.workspace, one.run, one.name, signed)
