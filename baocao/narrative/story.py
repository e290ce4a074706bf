"""Lời văn theo mục: a report in words, section by section, whatever it reports on."""

from baocao.domain.model import Frozen


class Section(Frozen):
    """A heading (level 1 «I.», level 2 «1.») and its paragraphs; those that begin with «- » are items of a list."""

    title: str
    paragraphs: tuple[str, ...] = ()
    level: int = 1


class Story(Frozen):
    """A report in Vietnamese prose.

    ``subject`` is the document's trích yếu; ``headline`` one sentence with the key figures (the mail's preview line);
    ``opening`` the sentence that opens the document; ``restated`` is empty unless it corrects a published one.
    """

    subject: str
    headline: str
    opening: str
    restated: tuple[str, ...]
    sections: tuple[Section, ...]
