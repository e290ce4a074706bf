"""Leaving: the session ends here, or on all machines."""

from starlette.responses import Response

from baocao.store.engine.database import writing
from baocao.store.sign_in import sessions
from portal.room.visit import SESSION, Visit, go_to


def leave(visit: Visit) -> Response:
    """End this session; with the field ``tat_ca`` every one of this address. Idempotent."""
    with writing(visit.workspace.engine) as connection:
        if visit.text("tat_ca"):
            sessions.end_sessions_of(connection, visit.known.address)
        else:
            sessions.end_session(connection, visit.house.seal.hashed(visit.token))
    response = visit.say({"message": "Đã thoát."}) if visit.wants_json else go_to("/dang-nhap")
    response.delete_cookie(SESSION, path="/")
    return response
