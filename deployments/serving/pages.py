"""Prefect's server with those of its pages that ask no host outside; run with ``python -m``, ``--host H --port P``.

Prefect ships two sets of pages. The newer one asks a host of its maker for settings, whatever is set; browsers that
once chose it get it even where the older one is the default. So it is not there at all: without its files Prefect
offers, links and serves the older set alone.
"""

import sys
from pathlib import Path

import prefect
from prefect.cli import app


def main() -> None:
    """Serve until asked to end."""
    prefect.__ui_v2_static_path__ = Path(__file__).parent / "no-such-pages"
    sys.argv[1:1] = ["server", "start"]
    app()


if __name__ == "__main__":
    main()
