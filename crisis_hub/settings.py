"""What an operator sets, from the environment or `.env`, prefix `CRISIS_HUB_`. Read once, in the hall."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

_ROOT = Path(__file__).resolve().parent.parent


class CannotStart(Exception):
    """Something needed is missing or wrong; the message is one sentence that says what, where and what to do."""


class Settings(BaseSettings):
    """Every setting with its default; an empty environment gives the embedded default."""

    model_config = SettingsConfigDict(env_prefix="CRISIS_HUB_", env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field(
        "sqlite:///var/crisis_hub.db",
        description="Where the ledger lies: sqlite:///path/to/file.db or postgresql://user@host/name.",
    )
    redis_url: str = Field("", description="Redis that rings between processes; empty: this process rings alone.")
    public_url: str = Field(
        "http://127.0.0.1:8000", description="Our address as the carrier calls it; signatures are checked against it."
    )
    rules_dir: Path = Field(Path("rules"), description="The clinicians' folder.")
    twilio_account_sid: str = Field("", description="The carrier's account.")
    twilio_auth_token: str = Field("", description="Its token; two, separated by a comma, while rotating.")
    twilio_api_url: str = Field(
        "https://api.twilio.com",
        description="The carrier's REST address; point it at `crisis-hub carrier` to rehearse.",
    )
    twilio_number: str = Field("", description="Our number at the carrier.")
    twilio_backup_number: str = Field(
        "", description="A second number that pages go out by when the first carrier does not take them; empty: none."
    )
    twilio_backup_account_sid: str = Field("", description="The account of the second number; empty: the first's.")
    twilio_backup_auth_token: str = Field("", description="The token of the second account; two while rotating.")
    twilio_backup_api_url: str = Field("", description="The REST address of the second carrier; empty: the first's.")
    canary_number: str = Field(
        "", description="A test number that sends back every text it gets: the canary of our pages; empty: none."
    )
    canary_call_number: str = Field(
        "", description="A test number that picks up every call and presses 4: the canary of our calls; empty: none."
    )
    canary_minutes: float = Field(5.0, gt=0, description="How many minutes pass between two canaries.")
    secret_key_file: Path | None = Field(
        None,
        description="The key that wraps all others; made with mode 0600 beside the SQLite file, required otherwise.",
    )
    dead_man_url: str = Field(
        "", description="An address outside that is asked every minute while all is well; its silence is the alarm."
    )
    smtp_url: str = Field(
        "", description="The mail server for pages by e-mail: smtp://user:password@host:587 or smtps://host:465."
    )
    mail_from: str = Field("", description="Who sends these e-mails, such as oncall@line.example.org.")
    push_contact: str = Field(
        "", description="Where push services can reach you, such as mailto:oncall@line.example.org; else our address."
    )
    push_services: str = Field(
        "fcm.googleapis.com,push.services.mozilla.com,push.apple.com,notify.windows.com",
        description="Push services that browsers may name, separated by commas; nothing is sent to any other.",
    )
    handoff_notice_hours: float = Field(
        12, ge=0, le=168, description="How many hours before a shift its person is told; 0: only when it begins."
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    service_name: str = Field("Crisis line", description="What this line is called on screens and pages.")
    language: str = Field("en", description="The language of the line when nothing says otherwise.")
    drill: bool = Field(False, description="Mark every case as a rehearsal.")
    frontend_dir: Path = Field(_ROOT / "frontend" / "dist", description="The built screens.")

    @property
    def embedded(self) -> bool:
        """Say whether this is the embedded default, on SQLite."""
        return self.database_url.startswith("sqlite")

    @property
    def tokens(self) -> tuple[str, ...]:
        """Return the carrier's tokens, the one for our own requests first."""
        return tuple(token.strip() for token in self.twilio_auth_token.split(",") if token.strip())

    @property
    def backup_tokens(self) -> tuple[str, ...]:
        """Return the tokens of the second account; those of the first when it has none of its own."""
        own = tuple(token.strip() for token in self.twilio_backup_auth_token.split(",") if token.strip())
        return own or self.tokens

    def key_file(self) -> Path | None:
        """Return where the key lies; beside the database on the embedded default."""
        if self.secret_key_file is not None:
            return self.secret_key_file
        if not self.embedded:
            return None
        return Path(self.database_url.removeprefix("sqlite:///")).with_name("secret.key")


SHIPPED_RULES = _ROOT / "rules"
"""The rules that came with this copy of crisis_hub."""
