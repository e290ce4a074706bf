"""The command line ``baocao``: what can be done, in Vietnamese, and with which exit code it ends."""

import sys

from deployments.dispatch import run

SLOW_TO_LOAD = frozenset(
    {"assess", "assignments", "catch-up", "check", "collect", "escalate", "remind", "report", "send-templates"}
)
"""Commands that load Prefect or Great Expectations, seconds of it: the fork server of a served home has them ready."""


def main() -> None:
    """The entry point: runs a command and turns its errors into one readable line and an exit code."""
    words = sys.argv[1:]
    sys.exit(run(words, lambda: _beside(words) if SLOW_TO_LOAD & {*words[:1]} else None))


def _beside(words: list[str]) -> int | None:
    from deployments.fork_server.client import run_beside  # noqa: PLC0415 - the settings, which quick commands do without

    return run_beside(words)


if __name__ == "__main__":
    main()
