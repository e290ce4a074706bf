"""The way to ask what is to become of a message, for programs outside this house: a fixed name."""

from baocao.intake.mailbox.deciding import Decision, Fate, decide

__all__ = ["Decision", "Fate", "decide"]
