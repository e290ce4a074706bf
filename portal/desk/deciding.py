"""Quyết định: asked once more with what will follow, then done by the very function of the command line."""

import logging
from functools import partial

from starlette.responses import Response

from baocao.decisions.signing import sign
from baocao.domain.signature import Channel
from baocao.site import build_site
from baocao.system.errors import BaocaoError, NotDueError, UsageError
from baocao.system.names import clean
from portal.desk.kinds import KINDS, Kind
from portal.room.house import House
from portal.room.visit import LONGEST_FIELD, Visit, go_to, missing

log = logging.getLogger(__name__)

_OWN = ("csrf", "xac_nhan", "truoc")


def decide(visit: Visit) -> Response:
    """Show what will follow; with ``xac_nhan``, or for a program, do it.

    What a page showed (``truoc``) must still be so: of two who decide at once, the second is told.
    """
    name = visit.path("kind")
    kind = KINDS.get(name)
    if kind is None or not kind.roles & visit.known.roles:
        missing()
    if kind.demand.unreasoned and not visit.text("reason"):
        raise UsageError("Chưa có lý do. Hãy quay lại, ghi lý do rồi làm lại; chưa ghi gì.")
    if not visit.text("xac_nhan") and not visit.wants_json:
        return _asked_once_more(visit, kind)
    _do(visit, kind)
    visit.house.later(partial(_tell, visit.house))
    return visit.say({"decided": name}) if visit.wants_json else go_to(f"/ban-lam-viec?xong={name}")


def _asked_once_more(visit: Visit, kind: Kind) -> Response:
    kept = [(key, value) for key, value in visit.form.multi_items() if key not in _OWN and isinstance(value, str)]
    return visit.show(
        "xac-nhan.html.j2",
        kind.title,
        follows=kind.follows(visit),
        reason=visit.text("reason"),
        kept=[*kept, *kind.keep(visit)],
        state=_shown(visit, kind),
    )


def _do(visit: Visit, kind: Kind) -> None:
    signed = sign(visit.known.name, visit.text("reason"), visit.clock, Channel.WINDOW, kind.demand)
    with visit.house.deciding:
        if visit.text("truoc") and visit.text("truoc") != _shown(visit, kind):
            raise NotDueError(
                "Trong lúc quý vị xem, việc này đã thay đổi hoặc người khác đã quyết định; chưa ghi gì thêm. "
                "Hãy mở lại bàn làm việc để xem tình trạng mới."
            )
        kind.act(visit, signed)


def _shown(visit: Visit, kind: Kind) -> str:
    """What is decided on as a field of a form brings it back."""
    return clean(kind.state(visit), LONGEST_FIELD)


def _tell(house: House) -> None:
    """After the answer: the site shows the decision, and its letters go out."""
    try:
        build_site(house.workspace, house.clock())
    except BaocaoError as error:
        log.warning("the site was not built: %s", error)
    house.postman.deliver()
