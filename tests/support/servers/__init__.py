"""Real servers on loopback: SMTP, IMAP, PostgreSQL, Prefect, ``baocao serve``."""
