"""``baocao submission held``: the files in the quarantine."""

from baocao.decisions.quarantine import held_files
from baocao.domain.received.holding import likely_unit, release_command
from baocao.workspace.workspace import open_workspace
from deployments.commands.shared.common import JsonOption, print_json


def held(as_json: JsonOption = False) -> None:
    """Liệt kê các tệp đang tạm giữ, chờ quyết định: số, lý do, có vẻ của ai, làm gì được."""
    workspace = open_workspace()
    found = held_files(workspace)
    if as_json:
        print_json([one.as_row() for one in found])
        return
    if not found:
        print("Không có tệp nào đang tạm giữ.")
        return
    for one in (one.receipt for one in found):
        received = f"{workspace.local(one.received_at):%d/%m/%Y %H:%M}"
        period = one.said_period or one.period
        print(f"Số {one.id}: {one.name} (nhận lúc {received})")
        print(f"  Có vẻ của: {likely_unit(one) or 'chưa rõ'}, kỳ {period.short}")
        print(f"  Lý do giữ: {one.note}")
        print(f"  Cho tính: {release_command(one)}")
    print(f"Xem tệp trong {workspace.home / 'quarantine'}. Không đúng thì đề nghị đơn vị gửi lại.")
