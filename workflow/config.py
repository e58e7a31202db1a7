"""Settings read once from the environment at the edge."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from workflow.errors import BadConfiguration

DEFAULT_DATABASE = "sqlite:///jiuzhu.db"
HIGHEST_PORT = 65535


@dataclass(frozen=True)
class Config:
    """What an installation can choose. `secret_key` signs forms; without one a random key lives in `instance`.

    `presence_minutes` is how long somebody counts as filling in a form after he was last heard of there.
    """

    database_url: str = DEFAULT_DATABASE
    secret_key: str = ""
    public_url: str = "http://127.0.0.1:8000"
    port: int = 8000
    smtp_url: str = ""
    mail_from: str = "jiuzhu@localhost"
    font_path: str = ""
    proxies: int = 0
    presence_minutes: int = 5

    @property
    def secure(self) -> bool:
        """Whether the public address is https, which cookies and headers follow."""
        return self.public_url.startswith("https://")

    @classmethod
    def from_env(cls, env: dict[str, str] | None = None) -> Config:
        """Read the environment. Raises BadConfiguration with one line that names the variable."""
        env = dict(os.environ) if env is None else env
        url = env.get("DATABASE_URL") or DEFAULT_DATABASE
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise BadConfiguration(
                "DATABASE_URL 无法识别：请写 sqlite:///文件 或 postgresql+psycopg://用户@主机/库名。"
            )
        return cls(
            database_url=url,
            secret_key=env.get("SECRET_KEY", "") or _kept_secret(url),
            public_url=env.get("PUBLIC_URL") or f"http://127.0.0.1:{_number(env, 'PORT', 8000)}",
            port=_number(env, "PORT", 8000),
            smtp_url=env.get("SMTP_URL", ""),
            mail_from=env.get("MAIL_FROM", "jiuzhu@localhost"),
            font_path=env.get("FONT_PATH", ""),
            proxies=_number(env, "PROXIES", 0),
            presence_minutes=_number(env, "PRESENCE_MINUTES", 5),
        )


def _number(env: dict[str, str], name: str, default: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or int(text) > HIGHEST_PORT:
        raise BadConfiguration(f"{name}={text} 不是可用的数字，请改正后再启动。")
    return int(text)


def _kept_secret(url: str) -> str:
    """A random key kept beside the SQLite file, so that sessions outlive a restart without any set-up."""
    if not url.startswith("sqlite:///") or url.endswith(":memory:"):
        return ""
    path = Path(url.removeprefix("sqlite:///") + ".key")
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(os.urandom(32).hex())
    return path.read_text().strip()
