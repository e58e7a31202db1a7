"""E-mail by SMTP: smtp://user:password@host:port (STARTTLS where it is offered) or smtps://."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from notifications.channels import ChannelDown, DeliveryFailed, Mail, Outcome
from workflow.errors import BadConfiguration

TIMEOUT = 15
"""Seconds for one answer of the server."""
_PORTS = {"smtp": 25, "smtps": 465}
_HERE = ("localhost", "127.0.0.1", "::1")


class Email:
    """One conversation with the mail server, opened at the first letter. Raises BadConfiguration for a bad address."""

    def __init__(self, url: str, sender: str, *, timeout: float = TIMEOUT) -> None:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise _unreadable() from None
        if parts.scheme not in _PORTS or not parts.hostname:
            raise _unreadable()
        self._host, self._port = parts.hostname, port or _PORTS[parts.scheme]
        self._tls = parts.scheme == "smtps"
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender, self._timeout = sender, timeout
        self._server: smtplib.SMTP | None = None

    def deliver(self, mail: Mail) -> Outcome:
        """Hand the letter to the server; it has it when it says so. Raises DeliveryFailed, ChannelDown."""
        if not mail.to:
            raise DeliveryFailed("收件人没有邮件地址，或者账号已经停用。")
        server = self._server or self._open()
        try:
            server.send_message(self._letter(mail), self._sender, [mail.to])
        except smtplib.SMTPRecipientsRefused as refused:
            code, text = next(iter(refused.recipients.values()))
            raise DeliveryFailed(f"{code} {_plain(text)}") from refused
        except smtplib.SMTPResponseException as refused:
            raise DeliveryFailed(f"{refused.smtp_code} {_plain(refused.smtp_error)}") from refused
        except (smtplib.SMTPException, OSError) as broken:
            self._server = None
            server.close()
            raise ChannelDown(f"与邮件服务器的连接中断：{broken}") from broken
        except ValueError as unfit:
            raise DeliveryFailed(f"邮件地址或者内容不合规范：{unfit}") from unfit
        return "sent"

    def close(self) -> None:
        """Say goodbye."""
        if self._server is not None:
            try:
                self._server.quit()
            except (smtplib.SMTPException, OSError):
                self._server.close()
            self._server = None

    def _open(self) -> smtplib.SMTP:
        try:
            server = self._connect()
        except smtplib.SMTPResponseException as refused:
            raise ChannelDown(
                f"邮件服务器拒绝连接：{refused.smtp_code} {_plain(refused.smtp_error)}"
            ) from refused
        except (smtplib.SMTPException, OSError) as broken:
            raise ChannelDown(f"连不上邮件服务器 {self._host}:{self._port}：{broken}") from broken
        self._server = server
        return server

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout, context=context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            server.ehlo()
            encrypted = self._tls
            if not encrypted and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
                encrypted = True
            if self._user:
                self._check_secret(encrypted=encrypted)
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server

    def _check_secret(self, *, encrypted: bool) -> None:
        """A password never goes over a wire that can be read."""
        if not encrypted and self._host not in _HERE:
            raise ChannelDown(
                "邮件服务器不支持加密，不发送口令；请改用 smtps:// 或者支持 STARTTLS 的服务器。"
            )

    def _letter(self, mail: Mail) -> EmailMessage:
        letter = EmailMessage(policy=WIRE)
        letter["From"] = self._sender
        letter["To"] = mail.to
        letter["Subject"] = mail.subject
        letter["Date"] = format_datetime(mail.at)
        letter["Message-ID"] = mail.message_id
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(mail.body)
        return letter


def _unreadable() -> BadConfiguration:
    return BadConfiguration(
        "SMTP_URL 无法识别：请写 smtp://用户:口令@主机:端口 或 smtps://用户:口令@主机:端口。"
    )


def _plain(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
