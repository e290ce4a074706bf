"""What a reader process is asked about a signed document, and what it answers; light, unlike the verifying itself."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, by the certificate, and when: by a time stamp where there is one, else as the signer's clock said."""

    name: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Verifying:
    """A PDF of the archive whose signatures are to be verified.

    ``signers`` is the PEM file of who is trusted; ``now`` (aware) is when certificates must be good.
    """

    source: Path
    signers: Path
    now: datetime

    @property
    def name(self) -> str:
        """What the logs call it."""
        return self.source.name


@dataclass(frozen=True, slots=True)
class Verified:
    """Who signed, in order; where the document is not to be trusted nobody, and ``fault`` says why in a sentence."""

    signers: tuple[Signer, ...] = ()
    fault: str = ""
