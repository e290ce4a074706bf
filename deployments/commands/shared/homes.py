"""The home that a command which only reads looks at: never made by looking."""

from baocao.system.errors import NotDueError
from baocao.workspace.workspace import Workspace, open_workspace


def existing_home() -> Workspace:
    """This process's workspace, for commands that only read.

    Raises:
        NotDueError: no home is named in the settings, and there is none at the usual place.
    """
    workspace = open_workspace()
    settings = workspace.settings
    if not settings.model_fields_set & {"home", "database_url"} and not settings.home.exists():
        raise NotDueError(
            f"Chưa có thư mục dữ liệu: không đặt BAOCAO_HOME và không thấy {settings.home.absolute()}. "
            "Hãy đặt BAOCAO_HOME, chạy từ đúng thư mục, hoặc bắt đầu bằng: baocao collect, baocao serve, baocao demo."
        )
    return workspace
