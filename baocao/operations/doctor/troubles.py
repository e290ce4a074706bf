"""What runs left undone, and what of the environment stands in the way of our own server."""

import os

from baocao.operations.doctor.check import Diagnosis, Subject
from baocao.oversight.troubles import open_troubles
from baocao.system.proxies import obstacles, proxy_of
from baocao.workspace.settings import Settings

_TROUBLES = Subject("troubles", "Sự cố chưa xử lý")
_NETWORK = Subject("network", "Proxy, chứng thư")


def check_troubles(settings: Settings) -> Diagnosis:
    """Whether a run failed or died and nothing has mended it since."""
    found = open_troubles(settings.home)
    if not found:
        return _TROUBLES.ok("không có")
    last = found[-1]
    return _TROUBLES.failing(f"{len(found)} sự cố, mới nhất {last.at}: {last.what}", last.remedy)


def check_network() -> Diagnosis:
    """Whether proxies and certificates of the environment are such that no request of ours is stopped by them."""
    found = list(obstacles(os.environ))
    if found:
        return _NETWORK.misconfigured("; ".join(one.problem for one in found), "; ".join(one.remedy for one in found))
    address = os.environ.get("PREFECT_API_URL", "")
    if address and (variable := proxy_of(address)):
        remedy = "Nếu máy chủ Prefect ở mạng trong: thêm tên máy đó vào NO_PROXY"
        return _NETWORK.warning(f"tới máy chủ Prefect phải qua proxy của {variable}", remedy)
    return _NETWORK.ok("không có gì cản; máy này không bao giờ đi qua proxy")
