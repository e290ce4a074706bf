"""One request: who asks, with which form, at which moment; and how it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import quote

from markupsafe import Markup
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from baocao.domain.planned.period import Period
from baocao.domain.wording import moment_text
from baocao.system.clock import Clock
from baocao.system.names import clean
from baocao.workspace.workspace import Workspace
from portal.room.house import House
from portal.room.look import rendered
from portal.room.people import Person

SESSION, VISITOR = "baocao_phien", "baocao_khach"
"""The cookies: of a session, and of a visitor before it."""

LONGEST_FIELD = 4000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Visit:
    """``person`` is None where nobody is signed in. ``token`` is the session's, or the visitor's, to which forms are
    bound; ``is_new`` where the browser must be given it."""

    house: House
    request: Request
    person: Person | None
    clock: Clock
    token: str
    is_new: bool = False
    form: FormData = field(default_factory=FormData)

    @property
    def workspace(self) -> Workspace:
        """The home that is looked at."""
        return self.house.workspace

    @property
    def known(self) -> Person:
        """Who asks, where only those who are signed in get this far."""
        if self.person is None:
            raise HTTPException(404)
        return self.person

    @property
    def wants_json(self) -> bool:
        """Whether a program asks, not a browser."""
        return wants_json(self.request)

    @property
    def csrf(self) -> str:
        """What this visitor's forms carry."""
        return self.house.seal.csrf(self.token)

    def path(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])

    def text(self, name: str) -> str:
        """A field of the form as one line that any database takes; empty where it is not there."""
        value = self.form.get(name)
        return clean(value, LONGEST_FIELD) if isinstance(value, str) else ""

    def file(self, name: str) -> UploadFile | None:
        """A file of the form; None where none was chosen."""
        value = self.form.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    def period(self, text: str | None = None) -> Period:
        """A period of the plan that the address, or a field, names; what is none does not exist (404)."""
        try:
            period = Period.parse(self.path("period") if text is None else text)
        except ValueError:
            missing()
        if period not in self.workspace.calendar:
            missing()
        return period

    def show(self, template: str, title: str, status: int = 200, **context: Any) -> Response:
        """A page."""
        plan = self.workspace.plan
        common = {
            "title": title,
            "plan": plan,
            "owner": plan.unit_by_code[plan.coordinator].name,
            "person": self.person,
            "csrf": self.csrf,
            "own": Markup('<input type="hidden" name="csrf" value="{}">').format(self.csrf),
            "unit_name": self.unit_name,
            "here": self.request.url.path,
            "local": lambda moment: moment_text(self.workspace.local(moment)),
        }
        response = Response(rendered(template, common | context), status, media_type="text/html")
        if self.is_new:
            self.give_cookie(response, VISITOR, self.token)
        return response

    def unit_name(self, code: str) -> str:
        """What a unit is called; its code where the plan knows it no longer."""
        unit = self.workspace.plan.unit_by_code.get(code)
        return unit.name if unit else code

    def say(self, document: Mapping[str, Any], status: int = 200) -> Response:
        """A JSON document."""
        return JSONResponse(dict(document), status)

    def give_cookie(self, response: Response, name: str, token: str, seconds: int | None = None) -> None:
        """A cookie that scripts and other sites do not get."""
        is_secure = self.house.is_behind_tls or self.request.url.scheme == "https"
        response.set_cookie(name, token, max_age=seconds, httponly=True, samesite="lax", secure=is_secure, path="/")


def wants_json(request: Request) -> bool:
    """Whether the answer is to be JSON."""
    accepted = request.headers.get("accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def missing() -> NoReturn:
    """What is not there, and what is not this person's to see, look the same."""
    raise HTTPException(404)


def go_to(address: str) -> Response:
    """To another page, with GET, so that going back asks nothing twice."""
    return RedirectResponse(address, 303)


def attached(data: bytes, name: str, media_type: str = XLSX) -> Response:
    """A file to be saved."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(data, media_type=media_type, headers={"Content-Disposition": disposition})
