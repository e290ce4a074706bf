"""Reading back what was written into the outbox."""

from email import message_from_bytes, policy


def plain_text(content: bytes) -> str:
    """The plain-text part of a message in .eml form, with plain line ends; empty where it has none."""
    body = message_from_bytes(content, policy=policy.default).get_body(("plain",))
    text: str = body.get_content() if body is not None else ""
    return text.replace("\r\n", "\n")
