"""A certificate authority of the tests' own, with people who sign («số liệu mô phỏng»)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.generic import ArrayObject, NumberObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter, PageObject, PdfFileWriter
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

Key = rsa.RSAPrivateKey
FIRST, LAST = datetime(2022, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """Somebody with a key and a certificate."""

    name: str
    key: Key
    certificate: x509.Certificate

    def sign(self, pdf: bytes, field: str = "Ky1") -> bytes:
        """The document signed, as an office's signing tool does it: appended to its bytes."""
        signer = signers.SimpleSigner(
            signing_cert=asn1_x509.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER)),
            signing_key=keys.PrivateKeyInfo.load(_der(self.key)),
            cert_registry=SimpleCertificateStore(),
        )
        meta = signers.PdfSignatureMetadata(field_name=field)
        signed: BytesIO = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), meta, signer=signer)
        return signed.getvalue()

    def p12(self, password: bytes) -> bytes:
        """Key and certificate as an office keeps them."""
        protection = serialization.BestAvailableEncryption(password)
        return pkcs12.serialize_key_and_certificates(self.name.encode(), self.key, self.certificate, None, protection)


class Authority:
    """Who certifies people."""

    def __init__(self, name: str) -> None:
        self._key = _new_key()
        self._name = _named(name)
        self.certificate = self._certified(self._name, self._key, FIRST, LAST, is_authority=True)

    def person(self, name: str, first: datetime = FIRST, last: datetime = LAST) -> Person:
        """Somebody whose certificate holds between these days."""
        key = _new_key()
        return Person(name, key, self._certified(_named(name), key, first, last, is_authority=False))

    def pem(self, *revoked: Person) -> bytes:
        """What ``BAOCAO_SIGNERS`` holds: the authority, and what it revoked."""
        text = self.certificate.public_bytes(serialization.Encoding.PEM)
        if not revoked:
            return text
        builder = x509.CertificateRevocationListBuilder().issuer_name(self._name)
        builder = builder.last_update(FIRST).next_update(LAST)
        for one in revoked:
            number = one.certificate.serial_number
            row = x509.RevokedCertificateBuilder().serial_number(number).revocation_date(FIRST).build()
            builder = builder.add_revoked_certificate(row)
        return text + builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def _certified(
        self, subject: x509.Name, key: Key, first: datetime, last: datetime, *, is_authority: bool
    ) -> x509.Certificate:
        usage = dict.fromkeys(
            (
                *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
                *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
            ),
            False,
        )
        granted = ("key_cert_sign", "crl_sign") if is_authority else ("digital_signature", "content_commitment")
        usage |= dict.fromkeys(granted, True)
        public = self._key.public_key()
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(first)
            .not_valid_after(last)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**usage), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
            .sign(self._key, hashes.SHA256())
        )


def blank_pdf() -> bytes:
    """A document of one empty page."""
    return _with_one_more(PdfFileWriter())


def with_page(pdf: bytes) -> bytes:
    """The document with a page added behind it."""
    return _with_one_more(IncrementalPdfFileWriter(BytesIO(pdf)))


def _with_one_more(writer: BasePdfFileWriter) -> bytes:
    content = writer.add_object(StreamObject(stream_data=b"BT ET"))
    box = ArrayObject([NumberObject(0), NumberObject(0), NumberObject(595), NumberObject(842)])
    writer.insert_page(PageObject(contents=content, media_box=box))
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def _new_key() -> Key:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _der(key: Key) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, plain)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
