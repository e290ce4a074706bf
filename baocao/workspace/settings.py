"""Settings from the environment or ``.env``, prefix ``BAOCAO_``; secrets are never printed."""

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from baocao.plan.validation_text import fault_text
from baocao.store.engine.address import sqlite_address
from baocao.system.errors import UsageError

PROJECT = Path(__file__).parents[2]
Intake = Literal["folder", "mailbox"]
Security = Literal["none", "starttls", "tls"]
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+")
Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """Everything that an operator can set. Folders are made when first needed."""

    model_config = SettingsConfigDict(env_prefix="BAOCAO_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Path("var")
    plan: Path = Path("plans/ninh-binh-2022")
    database_url: str = ""
    intake: Annotated[tuple[Intake, ...], NoDecode] = ("folder",)
    inbox: Path | None = None
    imap_host: str = ""
    imap_port: Port = 993
    imap_user: str = ""
    imap_password: SecretStr = SecretStr("")
    imap_security: Security = "tls"
    imap_folder: str = "INBOX"
    smtp_host: str = ""
    smtp_port: Port = 587
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_security: Security = "starttls"
    smtp_from: str = ""
    trusted_authserv: str = ""
    task_runner: Literal["threads", "dask"] = "threads"
    dask_address: str = ""
    workers: int = Field(default=2, ge=1)
    approval: Literal["none", "required"] = "none"
    watch: Literal["auto", "poll", "off"] = "auto"
    portal_host: str = "127.0.0.1"
    portal_port: int = Field(default=8080, ge=0, le=65535)
    portal_url: str = ""
    portal_proxies: str = ""
    release: Literal["plain", "signed"] = "plain"
    signers: Path | None = None
    seal_p12: Path | None = None
    seal_password_file: Path | None = None

    @field_validator("intake", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        """``folder``, ``mailbox``, ``folder,mailbox`` or ``both``."""
        if not isinstance(value, str):
            return value
        words = value.replace(",", " ").split()
        return ("folder", "mailbox") if words == ["both"] else tuple(words)

    @field_validator("portal_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        """Scheme and host, with a port where there is one; kept without the slash at its end."""
        bare = value.strip().rstrip("/")
        if bare and not _ADDRESS.fullmatch(bare):
            raise ValueError("phải là địa chỉ như https://baocao.tinh.example, không có phần sau tên máy")
        return bare

    @field_validator("signers", "seal_p12", "seal_password_file", mode="before")
    @classmethod
    def _none(cls, value: Any) -> Any:
        """A blank is no file."""
        return value or None

    @cached_property
    def plan_folder(self) -> Path:
        """The plan's folder; a relative one is looked for here, then beside the program."""
        beside = PROJECT / self.plan
        return self.plan if self.plan.is_dir() or not beside.is_dir() else beside

    @cached_property
    def is_watched(self) -> bool:
        """Whether arrivals start the collection, so that answers come within minutes."""
        return self.watch != "off"

    @property
    def hears_replies(self) -> bool:
        """Whether an answer by mail is read by us, and not by the person whose address the mail bears."""
        return "mailbox" in self.intake and bool(self.trusted_authserv)

    @cached_property
    def inbox_folder(self) -> Path:
        """Where units lay their files: one subfolder per unit code."""
        return self.inbox or self.home / "inbox"

    @cached_property
    def database(self) -> str:
        """The database's address."""
        return self.database_url or sqlite_address(self.home / "baocao.db")


def load_settings(**overrides: Any) -> Settings:
    """The settings of this process.

    Raises:
        UsageError: a setting does not hold; the message names it, never a secret's value.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        faults = "; ".join(f"BAOCAO_{str(one['loc'][0]).upper()}: {fault_text(one)}" for one in error.errors())
        raise UsageError(f"Cấu hình sai: {faults}. Hãy sửa biến môi trường hoặc tệp .env.") from None


FORMS_FOLDER = "bieu-mau"
