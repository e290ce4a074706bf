"""Văn bản ký số: the signed documents that units sent beside their workbooks; rows are only ever added."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, insert, select

from baocao.domain.planned.period import Period
from baocao.domain.received.submission import Receipt
from baocao.signatures.asking import Signer
from baocao.store.schema.published import signed_copy


def add(connection: Connection, receipt: Receipt, signers: Sequence[Signer]) -> None:
    """Keep who signed a document of a unit, in the transaction that settles its receipt."""
    values = {
        "receipt_id": receipt.id,
        "unit": receipt.unit,
        "period": str(receipt.period),
        "signers": [[one.name, one.at.isoformat() if one.at else ""] for one in signers],
    }
    connection.execute(insert(signed_copy).values(**values))


def of_period(connection: Connection, period: Period) -> Mapping[str, tuple[str, ...]]:
    """By unit, the names of those who signed the last document that it sent for a period."""
    query = select(signed_copy).where(signed_copy.c.period == str(period)).order_by(signed_copy.c.receipt_id)
    rows = connection.execute(query).mappings()
    return {row["unit"]: tuple(dict.fromkeys(name for name, _ in row["signers"])) for row in rows}
