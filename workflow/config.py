"""Settings read once from the environment at the edge."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path

from workflow.errors import BadConfiguration

DEFAULT_DATABASE = "sqlite:///jiuzhu.db"
HIGHEST_PORT = 65535
BUREAU = "BUREAU_SECRET_"
"""What the variables begin with that hold a secret shared with a bureau; the rest is its name."""


@dataclass(frozen=True)
class Config:
    """What an installation can choose. `secret_key` signs forms; without one a random key lives in `instance`.

    `bureau_secrets` are the secrets shared with the bureaus, by name; `bureau_networks` the private networks in which a
    bureau may be; `exchange_folder` is where batch files go out and come in ("": there is none).

    `answers_key` encrypts what verification sources answer, several separated by commas: the first for new answers; what
    none of them opens, `secret_key` may.

    `presence_minutes` is how long somebody counts as filling in a form after he was last heard of there.
    """

    database_url: str = DEFAULT_DATABASE
    secret_key: str = ""
    answers_key: str = ""
    public_url: str = "http://127.0.0.1:8000"
    port: int = 8000
    smtp_url: str = ""
    mail_from: str = "jiuzhu@localhost"
    font_path: str = ""
    proxies: int = 0
    presence_minutes: int = 5
    bureau_secrets: Mapping[str, str] = field(default_factory=dict, hash=False, repr=False)
    bureau_networks: tuple[str, ...] = ()
    exchange_folder: str = ""

    @property
    def secure(self) -> bool:
        """Whether the public address is https, which cookies and headers follow."""
        return self.public_url.startswith("https://")

    @property
    def answer_secrets(self) -> tuple[str, ...]:
        """What raw answers are encrypted with, the newest first."""
        return (*filter(None, self.answers_key.split(",")), self.secret_key)

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
            answers_key=env.get("ANSWERS_KEY", ""),
            public_url=env.get("PUBLIC_URL") or f"http://127.0.0.1:{_number(env, 'PORT', 8000)}",
            port=_number(env, "PORT", 8000),
            smtp_url=env.get("SMTP_URL", ""),
            mail_from=env.get("MAIL_FROM", "jiuzhu@localhost"),
            font_path=env.get("FONT_PATH", ""),
            proxies=_number(env, "PROXIES", 0),
            presence_minutes=_number(env, "PRESENCE_MINUTES", 5),
            bureau_secrets={
                name.removeprefix(BUREAU): value
                for name, value in env.items()
                if name.startswith(BUREAU) and value
            },
            bureau_networks=_networks(env.get("BUREAU_NETWORKS", "")),
            exchange_folder=env.get("EXCHANGE_FOLDER", "") or _beside(url, ".exchange"),
        )


def _number(env: dict[str, str], name: str, default: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or int(text) > HIGHEST_PORT:
        raise BadConfiguration(f"{name}={text} 不是可用的数字，请改正后再启动。")
    return int(text)


def _networks(text: str) -> tuple[str, ...]:
    found = tuple(one.strip() for one in text.split(",") if one.strip())
    for one in found:
        try:
            ip_network(one)
        except ValueError:
            raise BadConfiguration(
                f"BUREAU_NETWORKS 里的“{one}”不是网段，请写成 10.20.0.0/16 这样，多个用逗号分开。"
            ) from None
    return found


def _beside(url: str, ending: str) -> str:
    """A path beside the SQLite file; "" where there is none."""
    kept = url.startswith("sqlite:///") and not url.endswith(":memory:")
    return url.removeprefix("sqlite:///") + ending if kept else ""


def _kept_secret(url: str) -> str:
    """A random key kept beside the SQLite file, so that sessions outlive a restart without any set-up."""
    if not (kept := _beside(url, ".key")):
        return ""
    path = Path(kept)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(os.urandom(32).hex())
    return path.read_text().strip()
