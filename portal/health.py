"""Sức khỏe: whether the window can do its work; for those who watch machines, without signing in."""

from starlette.responses import Response

from baocao.store.engine.database import reading
from baocao.store.homes import began_at
from baocao.system.errors import BaocaoError
from portal.room.visit import Visit


def tell(visit: Visit) -> Response:
    """200 where the database answers, else 503; says nothing of what is in it."""
    try:
        with reading(visit.workspace.engine) as connection:
            began_at(connection)
    except BaocaoError:
        return visit.say({"status": "no_database"}, 503)
    return visit.say({"status": "ok"})
