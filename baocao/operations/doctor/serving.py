"""Whether ``baocao serve`` works in this home, without which nothing is done by the calendar."""

from baocao.operations.doctor.check import Diagnosis, Level, Subject
from baocao.system import lease
from baocao.workspace.serving import holder_of, living_server, read_serving
from baocao.workspace.settings import Settings

_SERVE = Subject("serve", "Chạy theo lịch (baocao serve)")
_START = "Chạy: baocao serve (hoặc systemctl start baocao)"


def check_serve(settings: Settings) -> Diagnosis:
    """Who serves this home; that nobody does is told with what to do, and is no fault: a worker may do the work."""
    holder = holder_of(settings.home)
    if not holder:
        told = "không chạy: việc của lịch chỉ được làm khi có người chạy lệnh, hoặc bởi baocao deploy"
        return Diagnosis(_SERVE.key, _SERVE.name, Level.OK, told, f"{_START} để mọi việc tự làm đúng lịch")
    machine, number, _ = holder.split("|")
    if not lease.is_of_this_machine(holder):
        return Diagnosis(_SERVE.key, _SERVE.name, Level.OK, f"do máy {machine} chạy", "Xem tình trạng ở máy đó")
    if lease.is_gone(holder):
        return _SERVE.warning("đã dừng đột ngột", f"{_START}; việc đến hạn được tự làm bù")
    if (noted := read_serving(settings.home)) is None or noted.serve != holder:
        return _SERVE.ok(f"đang chạy (tiến trình {number}), với máy chủ của PREFECT_API_URL")
    if living_server(settings.home) is None:
        return _SERVE.warning(
            f"đang chạy (tiến trình {number}) mà máy chủ Prefect của nó chưa lên",
            "Xem lại sau hai phút; nếu vẫn vậy, xem server.log trong thư mục của Prefect",
        )
    return _SERVE.ok(f"đang chạy (tiến trình {number}), trang theo dõi {noted.address.removesuffix('/api')}")
