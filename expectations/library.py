"""Loading Great Expectations: quietly, without telemetry, and only when a batch is checked (it takes seconds)."""

import os
import warnings
from types import ModuleType


def great_expectations() -> ModuleType:
    """The library, loaded on first use. Its progress bars are the data context's matter."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    with warnings.catch_warnings():
        # It imports the parts of the regular expression module that Python 3.11 deprecates.
        warnings.filterwarnings("ignore", "module 'sre_\\w+' is deprecated", DeprecationWarning)
        import great_expectations as library
    return library
