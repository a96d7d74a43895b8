"""Settings of the knowledge process; built once at the entry and passed in."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseSettings, Field


class Settings(BaseSettings):
    """Everything that can be set from outside; the only place that reads the environment."""

    host: str = Field(default="127.0.0.1", env="KNOWLEDGE_HOST")
    port: int = Field(default=8003, env="KNOWLEDGE_PORT", ge=0, le=65535)
    # Shared secret of the shop's own processes; `serve` refuses to start without one.
    service_token: str = Field(default="", env="SERVICE_TOKEN")
    # Name on the hub or folder of a sentence-transformers model; empty = the one trained here.
    encoder: str = Field(default="", env="ENCODER")
    data_dir: Path = Field(default=Path("var"), env="DATA_DIR")
    articles_dir: Path = Field(default=Path("knowledge_base/articles"), env="ARTICLES_DIR")
    variants_dir: Path = Field(default=Path("knowledge_base/questions"), env="VARIANTS_DIR")
    examples_dir: Path = Field(default=Path("data/nlu"), env="EXAMPLES_DIR")
    # Questions that every new index is asked before it is put to use, and for how many days back
    # what shoppers asked is asked again.
    frozen_dir: Path = Field(default=Path("knowledge_base/frozen"), env="FROZEN_DIR")
    replay_days: int = Field(default=14, env="REPLAY_DAYS", ge=0)
    # Articles begun from what nobody could answer; never built, never served.
    drafts_dir: Path = Field(default=Path("knowledge_base/drafts"), env="DRAFTS_DIR")
    # How long the questions that shoppers asked are kept.
    questions_days: int = Field(default=90, env="QUESTIONS_DAYS", ge=1)

    @property
    def index_root(self) -> Path:
        """Folder that holds every built index and the pointer to the current one."""
        return self.data_dir / "knowledge"

    @property
    def journal_path(self) -> Path:
        """File of the questions that shoppers asked."""
        return self.index_root / "questions.db"
