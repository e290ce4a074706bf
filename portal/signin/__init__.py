"""Coming in and leaving: a link by mail, a session, the limits on both."""
