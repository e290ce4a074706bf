"""``baocao submission``: the versions that units sent, and what people decide about them."""

from deployments.commands.submissions import deciding, releasing, versions
from deployments.vietnamese import Command, group

app = group("Xem các lần nộp và quyết định bằng tay về chúng.")

app.command("list", cls=Command)(versions.list_all)
app.command(cls=Command)(versions.show)
app.command(cls=Command)(versions.diff)
app.command(cls=Command)(deciding.override)
app.command(cls=Command)(deciding.extend)
app.command(cls=Command)(releasing.held)
app.command(cls=Command)(releasing.release)
app.command("renew-code", cls=Command)(releasing.renew_code)
