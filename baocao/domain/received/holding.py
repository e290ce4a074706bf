"""Tạm giữ: what a held file is most likely, and the command by which a person lets it count."""

from baocao.domain.received.submission import Receipt

_SIGNED = '--name "Họ tên" --reason "Lý do"'


def likely_unit(held: Receipt) -> str | None:
    """Whose file it is, as the workbook says of itself; else whose folder or address it came by. None: unknown."""
    return held.said_unit or held.unit


def release_command(held: Receipt) -> str:
    """The command that lets a held file count for what it says of itself, for a person to complete and run."""
    words = [f"baocao submission release {held.id}", f"--unit {likely_unit(held) or 'MÃ_ĐƠN_VỊ'}"]
    if held.said_period is not None and held.said_period != held.period:
        words.append(f"--period {held.said_period}")
    return " ".join((*words, _SIGNED))
