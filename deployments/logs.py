"""Where the program's own log goes."""

import logging


def set_logging(is_debugging: bool) -> None:
    """Log to standard error: warnings only, or everything of ours when debugging."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    if is_debugging:
        logging.getLogger("baocao").setLevel(logging.DEBUG)
