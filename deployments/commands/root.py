"""The tree of the commands: what each is called, and which function it is; nothing of them is imported here."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Annotated

import typer
from typer.core import TyperGroup
from typer.main import get_group

from baocao.store.engine.revisions import head_revision
from deployments.lazy_commands import LazyCommand, LazyCommandGroup, LazyGroup
from deployments.vietnamese import application

HELP = "Thu, kiểm tra, tổng hợp và gửi báo cáo triển khai kế hoạch. Thêm --debug để xem chi tiết lỗi."
COMMANDS = {
    "template": "workbook.template",
    "check": "workbook.check",
    "send-templates": "cycle.send_templates",
    "remind": "cycle.remind",
    "collect": "cycle.collect",
    "escalate": "cycle.escalate",
    "report": "reports.making.report",
    "assignments": "reports.making.assignments",
    "assess": "reports.making.assess",
    "catch-up": "cycle.catch_up",
    "status": "board.status",
    "trace": "reports.tracing.trace",
    "export": "export.export",
    "site": "site.site",
    "audit": "audit.audit",
    "serve": "running.serve",
    "watch": "running.watch",
    "portal": "running.portal",
    "retry": "running.retry",
    "deploy": "running.deploy",
    "doctor": "doctor.doctor",
    "backup": "safekeeping.backup",
    "restore": "safekeeping.restore",
    "demo": "reports.demo.demo",
}
"""Each command, in the order of the help page, with its module and function."""

BESIDE = {"report": {"release": "reports.release.release", "register": "reports.release.register"}}
"""Commands that stand under another command, which is still one by itself."""

GROUPS = {
    "plan": (
        "Kiểm tra kế hoạch, xem lịch, lập kế hoạch mới.",
        {
            "check": "plan.check",
            "calendar": "plan.calendar",
            "rules": "plan.rules",
            "new": "plan.new",
            "apply": "changing.plan.apply",
        },
    ),
    "form": (
        "Nhận biểu mẫu chính thức nguyên như nó có, xem thử với số liệu mẫu.",
        {"adopt": "changing.form.adopt", "check": "changing.form.check"},
    ),
    "outbox": (
        "Xem thư đã gửi, chờ gửi; gửi lại hoặc kết luận về thư chưa rõ.",
        {"list": "outbox.list_all", "show": "outbox.show", "retry": "outbox.retry", "resolve": "outbox.resolve"},
    ),
    "submission": (
        "Xem các lần nộp và quyết định bằng tay về chúng.",
        {
            "list": "submissions.versions.list_all",
            "show": "submissions.versions.show",
            "diff": "submissions.versions.diff",
            "override": "submissions.deciding.override",
            "extend": "submissions.deciding.extend",
            "held": "submissions.held.held",
            "release": "submissions.releasing.release",
            "renew-code": "submissions.releasing.renew_code",
        },
    ),
    "finding": (
        "Lỗi, cảnh báo và giải trình của đơn vị.",
        {
            "list": "submissions.finding.list_all",
            "explain": "submissions.finding.explain",
            "accept": "submissions.finding.accept",
        },
    ),
    "proposal": (
        "Kiến nghị đã trình: trả lời của lãnh đạo, người thực hiện, hạn.",
        {
            "list": "reports.proposals.list_all",
            "answer": "reports.proposals.answer",
            "close": "reports.proposals.close",
        },
    ),
}
"""Groups of commands, below the commands: what the group is for, and its commands."""


def _tell_version(is_asked: bool) -> None:
    """Print the program's version and the newest migration that it knows, then end."""
    if is_asked:
        print(f"baocao {version('baocao')}, cơ sở dữ liệu {head_revision()}")
        raise typer.Exit


def _main(
    _is_asked: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="In phiên bản rồi thoát.")
    ] = False,
) -> None:
    """Its words are the group's own help."""


def _tree() -> TyperGroup:
    typed = application(name="baocao", help=HELP)
    typed.callback(cls=LazyGroup)(_main)
    root = _promised(get_group(typed), COMMANDS)
    for name, (help_text, commands) in GROUPS.items():
        group = LazyGroup(name=name, help=help_text, no_args_is_help=True, rich_markup_mode=None)
        root.add_command(_promised(group, commands))
    return root


def _promised(group: TyperGroup, commands: Mapping[str, str]) -> TyperGroup:
    for name, place in commands.items():
        beside = BESIDE.get(name) if group.name == "baocao" else None
        group.add_command(LazyCommandGroup(name, place, beside) if beside else LazyCommand(name, place))
    return group


app = _tree()
