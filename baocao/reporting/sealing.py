"""Con dấu số: the office's own key signs the PDF as it goes out (PAdES); an update behind it, so PDF/A stays PDF/A."""

from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf

from baocao.system.errors import UsageError, reason_of

_FIELD = "ConDau"
_OTHERS = 0o077


class _Appending(IncrementalPdfFileWriter):
    """Adds to a document and leaves its metadata, which say that it is PDF/A, byte for byte."""

    def _update_meta(self) -> None:
        """Not even the date of the last change."""


def seal_pdf(pdf: bytes, p12: Path, password_file: Path | None) -> bytes:
    """The document with the office's seal; one that bears it already is left alone.

    Raises:
        UsageError: key or password cannot be read, or others on this machine may read the password.
    """
    if any(one.field_name == _FIELD for one in PdfFileReader(BytesIO(pdf)).embedded_signatures):
        return pdf
    signer = open_seal(p12, password_file)
    meta = PdfSignatureMetadata(field_name=_FIELD, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    sealed: BytesIO = sign_pdf(_Appending(BytesIO(pdf)), meta, signer=signer)
    return sealed.getvalue()


def open_seal(p12: Path, password_file: Path | None) -> SimpleSigner:
    """The office's key and certificate.

    Raises:
        UsageError: key or password cannot be read, or others on this machine may read the password.
    """
    password = _password(password_file)
    try:
        signer: SimpleSigner = SimpleSigner.load_pkcs12_data(p12.read_bytes(), [], passphrase=password)
    except (OSError, ValueError) as error:
        raise UsageError(f"Không mở được con dấu số BAOCAO_SEAL_P12 ({p12}): {error}.") from None
    return signer


def _password(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        if path.stat().st_mode & _OTHERS:
            raise UsageError(f"BAOCAO_SEAL_PASSWORD_FILE ({path}) người khác đọc được; hãy chạy: chmod 600 {path}")
        return path.read_bytes().strip()
    except OSError as error:
        raise UsageError(f"Không đọc được BAOCAO_SEAL_PASSWORD_FILE ({path}): {reason_of(error)}.") from None
