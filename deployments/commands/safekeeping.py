"""``baocao backup`` and ``baocao restore``: the whole house in one file, and back."""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from baocao.decisions.signing import OPERATION, sign
from baocao.domain.wording import moment_text
from baocao.operations.safekeeping import back_up
from baocao.operations.safekeeping import restore as put_back
from baocao.system.clock import Clock, now
from baocao.workspace.settings import load_settings
from baocao.workspace.workspace import open_workspace
from deployments.commands.shared.common import login_name

SHOWN = 10


def backup(
    file: Annotated[Path, typer.Argument(help="Tệp ghi ra (.tar.gz), hoặc thư mục để tự đặt tên theo ngày giờ.")],
) -> None:
    """Sao lưu cơ sở dữ liệu, tệp đã nhận, báo cáo, thư và kế hoạch vào một tệp; làm được khi hệ thống đang chạy."""
    workspace = open_workspace()
    made = back_up(workspace, file, version("baocao"), workspace.clock().now)
    size = f"{made.size / 1e6:.1f}".replace(".", ",")
    print(f"Đã sao lưu {made.files} tệp vào {made.path} ({size} MB).")
    print(
        "Bản sao có cả khóa Mã nộp: hãy giữ kín như giữ mật khẩu. Không có: hộp nhận, lịch sử chạy của Prefect, .env."
    )
    for name in made.missing[:SHOWN]:
        print(f"Cảnh báo: cơ sở dữ liệu có ghi nhưng không còn tệp {name}", file=sys.stderr)
    if len(made.missing) > SHOWN:
        print(f"Cảnh báo: và {len(made.missing) - SHOWN} tệp khác", file=sys.stderr)


def restore(
    file: Annotated[Path, typer.Argument(help="Bản sao lưu (.tar.gz).")],
    home: Annotated[Path | None, typer.Option("--home", help="Thư mục trống; mặc định là BAOCAO_HOME.")] = None,
) -> None:
    """Khôi phục một bản sao lưu vào thư mục và cơ sở dữ liệu trống; thư cũ không bị gửi lại."""
    settings = load_settings(**({"home": home} if home else {}))
    done = put_back(settings, file, sign(login_name(), "", Clock(now(), is_simulated=False), demand=OPERATION))
    made_at = moment_text(done.manifest.made_at)
    print(f"Đã khôi phục {len(done.manifest.files)} tệp của kế hoạch “{done.manifest.plan}” vào {settings.home}.")
    print(f"Dữ liệu như lúc {made_at}; việc làm sau lúc đó không có trong bản sao.")
    if done.held:
        print(f"{done.held} thư chưa gửi lúc sao lưu được giữ lại, vì có thể đã gửi sau đó: xem baocao outbox list,")
        print("rồi với từng thư: baocao outbox retry (gửi lại) hoặc baocao outbox resolve (đã đến nơi).")
    if done.is_plan_other:
        print(f"Kế hoạch đang cấu hình khác kế hoạch trong bản sao; để dùng bản sao: BAOCAO_PLAN={done.plan_folder}")
