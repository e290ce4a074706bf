"""Chữ ký số: whether a signed PDF is our very report, who signed it and when; asked of no network.

A signature is an incremental update: our bytes stand unchanged at the beginning of the signed file. Certificates are
trusted that lead to those of ``BAOCAO_SIGNERS``, a PEM file that may also hold their CRLs.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from asn1crypto import cms, crl, pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from baocao.signatures.additions import is_only_signed
from baocao.signatures.asking import Signer, Verified, Verifying
from baocao.system.errors import UsageError

_TIMES = {
    AdESIndeterminate.EXPIRED,
    AdESIndeterminate.NOT_YET_VALID,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE,
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED,
    AdESFailure.NOT_YET_VALID,
}
_REVOKED = {AdESFailure.REVOKED, AdESIndeterminate.REVOKED_NO_POE, AdESIndeterminate.REVOKED_CA_NO_POE}
_BROKEN = (
    PdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What reading bytes that are no sound signature raises, in pyHanko and below it."""
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # what it finds is told by us, in a sentence
_USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)


@dataclass(frozen=True, slots=True)
class Trust:
    """Which authorities are trusted, and what they revoked."""

    authorities: tuple[Any, ...]
    revoked: tuple[Any, ...]


def read_trust(path: Path | None) -> Trust:
    """The certificates and CRLs of a PEM file.

    Raises:
        UsageError: none is set, it cannot be read, or it has no certificate.
    """
    if path is None:
        raise UsageError("Chưa đặt BAOCAO_SIGNERS: tệp PEM chứa chứng thư của tổ chức chứng thực được tin cậy.")
    try:
        blocks = [(kind, der) for kind, _, der in pem.unarmor(path.read_bytes(), multiple=True)]
    except (OSError, ValueError) as error:
        raise UsageError(f"Không đọc được BAOCAO_SIGNERS ({path}): {error}.") from None
    authorities = tuple(x509.Certificate.load(der) for kind, der in blocks if kind == "CERTIFICATE")
    if not authorities:
        raise UsageError(f"BAOCAO_SIGNERS ({path}) không có chứng thư nào dạng PEM.")
    return Trust(authorities, tuple(crl.CertificateList.load(der) for kind, der in blocks if kind == "X509 CRL"))


def signers_of(signed: bytes, ours: bytes, trust: Trust, now: datetime) -> tuple[Signer, ...]:
    """Who signed our report; ``now`` (aware) is when certificates must be good.

    Raises:
        UsageError: it is not ours, not signed, changed after it was signed, or signed by somebody who is not trusted;
            with the reason.
    """
    if not signed.startswith(ours):
        raise UsageError(
            "Tệp này không phải bản ký của báo cáo đã trình: phần đầu khác tệp hệ thống đã dựng "
            "(bản khác, kỳ khác, hoặc đã lưu lại bằng chương trình khác). Hãy ký thẳng lên tệp đã nhận."
        )
    with _readable():
        return tuple(_examined(PdfFileReader(BytesIO(signed)), _revisions(ours), trust, now))


def verified(asked: Verifying) -> Verified:
    """Who signed a document of somebody else, as a whole: its last signature covers all of it, and each is trusted.

    For files from outside only within a reader process, where it can be stopped.

    Raises:
        UsageError: the trusted authorities cannot be read.
        OSError: the document cannot be read.
    """
    trust, data = read_trust(asked.signers), asked.source.read_bytes()
    try:
        with _readable():
            reader = PdfFileReader(BytesIO(data))
            signatures = list(reader.embedded_regular_signatures)
            _ensure_covered(reader, signatures)
            return Verified(tuple(_signer(one, trust, asked.now) for one in signatures))
    except UsageError as error:
        return Verified(fault=str(error))


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        cause = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
        raise UsageError(f"Không đọc được chữ ký trong tệp PDF: {cause}. Hãy ký lại.") from None


def _revisions(ours: bytes) -> int:
    return int(PdfFileReader(BytesIO(ours)).xrefs.total_revisions)


def _examined(reader: PdfFileReader, own: int, trust: Trust, now: datetime) -> Iterator[Signer]:
    added = reader.embedded_signatures[_signatures_in(reader, own) :]
    signatures = [one for one in added if one in reader.embedded_regular_signatures]
    _ensure_covered(reader, signatures)
    if not is_only_signed(reader, own):
        raise UsageError("Nội dung báo cáo bị sửa trước khi ký: ngoài chữ ký, tệp còn thay đổi khác.")
    for one in signatures:
        yield _signer(one, trust, now)


def _ensure_covered(reader: PdfFileReader, signatures: Sequence[Any]) -> None:
    if not signatures:
        raise UsageError("Tệp PDF chưa có chữ ký số nào của người ký.")
    if reader.embedded_signatures[-1].evaluate_signature_coverage() is not SignatureCoverageLevel.ENTIRE_FILE:
        raise UsageError("Tệp PDF bị thêm hoặc sửa sau khi ký: chữ ký cuối không phủ hết tệp.")


def _signatures_in(reader: PdfFileReader, own: int) -> int:
    """How many signatures (our seal) stand in our own bytes."""
    return sum(one.signed_revision < own for one in reader.embedded_signatures)


def _signer(one: Any, trust: Trust, now: datetime) -> Signer:
    context = ValidationContext(
        trust_roots=list(trust.authorities), crls=list(trust.revoked), allow_fetching=False, moment=now
    )
    status = validate_pdf_signature(one, context, key_usage_settings=_USAGE, skip_diff=True)
    name = _name(status.signing_cert)
    if not status.intact or not status.valid or _has_more(one.pkcs7_content):
        raise UsageError(f"Chữ ký của “{name}” không đúng với nội dung tệp: tệp đã bị sửa một chỗ nào đó.")
    if not status.trusted:
        raise UsageError(f"Chữ ký của “{name}” không được tin: {_why(status.trust_problem_indic)}.")
    path = status.validation_path
    if path and any(_is_revoked(certificate, trust) for certificate in path.iter_certs(include_root=False)):
        raise UsageError(f"Chữ ký của “{name}” không được tin: chứng thư số đã bị thu hồi.")
    stamp = status.timestamp_validity
    return Signer(name, stamp.timestamp if stamp else status.signer_reported_dt)


def _has_more(content: bytes) -> bool:
    """Whether something stands behind the signature in the room that was left for it."""
    return any(content[len(cms.ContentInfo.load(content).dump()) :])


def _is_revoked(certificate: x509.Certificate, trust: Trust) -> bool:
    """Whether a list of the file has it; pyHanko looks only where the certificate itself names a list's address."""
    return any(
        row["user_certificate"].native == certificate.serial_number
        for one in trust.revoked
        if one.issuer == certificate.issuer
        for row in one["tbs_cert_list"]["revoked_certificates"]
    )


def _why(problem: object) -> str:
    if problem in _TIMES:
        return "chứng thư số đã hết hạn hoặc chưa có hiệu lực"
    if problem in _REVOKED:
        return "chứng thư số đã bị thu hồi"
    return "chứng thư số không do tổ chức trong BAOCAO_SIGNERS cấp"


def _name(certificate: x509.Certificate) -> str:
    subject = certificate.subject.native
    return str(subject.get("common_name") or certificate.subject.human_friendly)
