"""Our command line with shorter waits: ``python -m support.servers.hurried serve``. All else is as it is.

Runs that are gone are looked for every few seconds. ``HURRIED_COLLECTIONS`` are the plan's local hours of collection,
instead of four a day; ``HURRIED_TAKEN_UP_AFTER`` are the seconds after which a start takes up what fell due before it.
"""

import os
from datetime import time, timedelta
from typing import Any

from baocao.domain.planned import collecting
from deployments.cli import main
from deployments.serving import serve

_serve_flows = serve._serve_flows


def hurried(*arguments: Any, **named: Any) -> None:
    """Shorten the waits once the server is up: what is changed loads Prefect, which must know its address before."""
    from deployments.serving import gone, schedules

    gone.EVERY_SECONDS, gone.GRACE = 3.0, timedelta(seconds=15)
    if seconds := os.environ.get("HURRIED_TAKEN_UP_AFTER"):
        schedules.TAKEN_UP_AFTER = timedelta(seconds=float(seconds))
    _serve_flows(*arguments, **named)


if __name__ == "__main__":
    serve._serve_flows = hurried  # type: ignore[assignment]
    if hours := os.environ.get("HURRIED_COLLECTIONS"):
        collecting.DAILY = tuple(map(time.fromisoformat, hours.split(",")))  # type: ignore[assignment]
    main()
