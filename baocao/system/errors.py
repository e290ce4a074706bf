"""The one exception root, and the user-facing branch with exit codes (``interfaces.md``: 2, 3, 4; a bug is 5)."""


class BaocaoError(Exception):
    """Root of all our exceptions. The message is one readable Vietnamese sentence: what, where, what to do."""

    exit_code = 5


class UsageError(BaocaoError):
    """Wrong usage or configuration: the operator must change something."""

    exit_code = 2


class PlanError(UsageError):
    """A plan file that does not hold; the message names file, line and field."""


class NotDueError(BaocaoError):
    """Not due, or not possible yet."""

    exit_code = 3


class OutsideServiceError(BaocaoError):
    """An outside service (mail server, mailbox, database, disk) failed; trying again later may help.

    ``is_final``: not before a person has changed something (a wrong password, an unknown certificate).
    """

    exit_code = 4
    is_final = False


class RefusedByServiceError(OutsideServiceError):
    """An outside service does not let us in; it will not, however often it is asked."""

    is_final = True
