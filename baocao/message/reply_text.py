"""What a person wrote in a reply, above what the mail program quotes."""

import re
from collections.abc import Iterator
from html import unescape

from baocao.message.incoming import Incoming, Part, content, file_name
from baocao.system.names import clean

_LONGEST = 1_000
_MOST_LINES = 60
_QUOTES = re.compile(r"-{4,}|_{8,}|(?:from|sent|to|subject|từ|đã gửi|đến|chủ đề|người gửi) ?:", re.IGNORECASE)
_READ = 20_000
_INVISIBLE = re.compile(r"<(style|script|head|title)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h[1-6]|/blockquote)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def first_line(message: Incoming) -> str:
    """The first line with anything in it that is no quotation, from the plain text, else from the HTML; or nothing."""
    for text in _texts(message):
        lines = (clean(line, _LONGEST) for line in text.splitlines())
        if found := next((line for line in lines if line and not line.startswith(">")), ""):
            return found
    return ""


def written_lines(message: Incoming) -> tuple[str, ...]:
    """The lines of the plain text, else of the HTML, down to the quotation; empty ones are kept, as they part."""
    for text in _texts(message):
        lines = [clean(line, _LONGEST) for line in text.splitlines()[:_MOST_LINES]]
        end = next((at for at, line in enumerate(lines) if line.startswith(">") or _QUOTES.match(line)), None)
        if any(lines[:end]):
            return tuple(lines[:end])
    return ()


def _texts(message: Incoming) -> Iterator[str]:
    """The message's own texts, those of files left out: plain ones first, each read when it is asked for."""
    for kind in ("text/plain", "text/html"):
        for part in message.parts():
            if part.get_content_type() == kind and not file_name(part):
                yield _text(part, kind)


def _text(part: Part, kind: str) -> str:
    data = content(part)
    try:
        text = data.decode(part.get_content_charset() or "utf-8", "replace")[:_READ]
    except (LookupError, ValueError):
        text = data.decode("utf-8", "replace")[:_READ]
    return text if kind == "text/plain" else unescape(_TAG.sub("", _BREAK.sub("\n", _INVISIBLE.sub("", text))))
