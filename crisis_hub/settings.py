"""What an operator sets, from the environment or `.env`, prefix `CRISIS_HUB_`. Read once, in the hall."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

_ROOT = Path(__file__).resolve().parent.parent


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
    secret_key_file: Path | None = Field(
        None,
        description="The key that wraps all others; made with mode 0600 beside the SQLite file, required otherwise.",
    )
    dead_man_url: str = Field(
        "", description="An address outside that is asked every minute while all is well; its silence is the alarm."
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

    def key_file(self) -> Path | None:
        """Return where the key lies; beside the database on the embedded default."""
        if self.secret_key_file is not None:
            return self.secret_key_file
        if not self.embedded:
            return None
        return Path(self.database_url.removeprefix("sqlite:///")).with_name("secret.key")


SHIPPED_RULES = _ROOT / "rules"
"""The rules that came with this copy of crisis_hub."""
