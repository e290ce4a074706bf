"""Văn bản ký số: signed PDFs that units send beside their workbooks; verified, kept with the period, never counted.

Only where ``BAOCAO_SIGNERS`` says who is trusted; elsewhere a PDF is answered as every document that is no form.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from baocao.domain.received.submission import PDF, Receipt, ReceiptState
from baocao.domain.wording import enumeration, moment_text
from baocao.intake.filing.batch import Read
from baocao.intake.folder import suffix_of
from baocao.isolation.pools import lent_pool
from baocao.mail.letters.addressing import letter_to
from baocao.mail.letters.answers import answer_document
from baocao.mail.letters.compose import Outgoing
from baocao.mail.letters.threads import in_thread
from baocao.signatures.asking import Signer, Verified, Verifying
from baocao.store import receipts
from baocao.store.archive import archive_path
from baocao.store.engine.names import Connection
from baocao.store.published import signed_copies
from baocao.system.clock import Clock
from baocao.workspace.workspace import Workspace


def set_documents_apart(workspace: Workspace, batch: Sequence[Read]) -> tuple[list[Read], list[Receipt]]:
    """The files of an identified batch that are to be filed, and the PDFs of known units whose signatures count."""
    documents = [one.receipt for one in batch if PDF in workspace.documents_taken and _is_document(one)]
    ids = {one.id for one in documents}
    return [one for one in batch if one.receipt.id not in ids], documents


def _is_document(one: Read) -> bool:
    return one.receipt.unit is not None and suffix_of(Path(one.receipt.name)) == PDF


def verify(workspace: Workspace, documents: Sequence[Receipt], clock: Clock) -> Mapping[int, Verified]:
    """Who signed each document, by receipt; verified in a process that can be killed.

    Raises:
        UsageError: the trusted authorities cannot be read.
    """
    trusted = workspace.settings.signers
    if trusted is None or not documents:
        return {}
    asked = [Verifying(archive_path(workspace.home, one.sha256, one.name), trusted, clock.now) for one in documents]
    with lent_pool(workspace.plan) as pool:
        return {one.id: answer for one, answer in zip(documents, pool.verify_all(asked), strict=True)}


def settle_documents(
    connection: Connection, workspace: Workspace, documents: Sequence[Receipt], verified: Mapping[int, Verified]
) -> list[Outgoing]:
    """Keep who signed, close the documents in the caller's transaction; the answers to them, one each.

    Those that another worker closed are left out.
    """
    mine = receipts.still_mine(connection, [one.id for one in documents])
    open_ones = [one for one in documents if one.id in mine]
    receipts.name_units(connection, open_ones)
    receipts.settle(connection, [one.id for one in open_ones], ReceiptState.DOCUMENT)
    for one in open_ones:
        if verified[one.id].signers:
            signed_copies.add(connection, one, verified[one.id].signers)
    return [_answer(workspace, one, verified[one.id]) for one in open_ones]


def _answer(workspace: Workspace, receipt: Receipt, verified: Verified) -> Outgoing:
    unit = workspace.plan.unit_by_code[receipt.unit or ""]
    signers = enumeration([_told(workspace, one) for one in verified.signers])
    schedule = workspace.schedule(receipt.period)
    letter = answer_document(workspace.plan, unit, schedule, receipt.name, signers=signers, fault=verified.fault)
    key = f"document/{receipt.period}/{receipt.id}"
    message = letter_to(workspace, [unit], key, letter, period=receipt.period, unit=unit.code)
    return in_thread(message, unit, receipt.origin)


def _told(workspace: Workspace, one: Signer) -> str:
    return f"{one.name} (ký lúc {moment_text(workspace.local(one.at))})" if one.at else one.name
