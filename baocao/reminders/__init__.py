"""Mails that ask for reports: blank forms, reminders, the escalation."""
