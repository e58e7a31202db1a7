"""Signed HTTP JSON: `POST {address}/queries` puts a question, `GET {address}/queries/{key}` asks how it stands.

200 brings the answer, 202 says that it comes later (by a call back or when asked again). TLS is checked as everywhere;
no redirect is followed; a private address is reached only where the installation allows its network.
"""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable, Iterable
from datetime import datetime
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

import urllib3

from notifications.bureaus.protocol import (
    Accepted,
    BadAnswer,
    BureauDown,
    QuestionRefused,
    question,
    read_answer,
    read_json,
)
from notifications.bureaus.signing import NotSigned, check_answer, signed_call
from workflow.errors import Refused
from workflow.verification.answers import Reply
from workflow.verification.queries import Wanted

LARGEST = 1024 * 1024
_PORTS = {"https": 443, "http": 80}
_OK, _LATER, _NOT_FOUND = 200, 202, 404
_REFUSALS = (400, 409, 410, 413, 422)
"""What a source answers to a question that it will not take, however often it is put."""


def check_address(url: str) -> None:
    """Raise Refused where this is no address of a bureau's interface."""
    try:
        parts = urlsplit(url)
        known = parts.scheme in _PORTS and parts.hostname and (parts.port or 1)
    except ValueError:
        known = None
    if not known or parts.query or parts.fragment or parts.username:
        raise Refused("接口地址应写成 https://主机/路径，不带账号、问号和井号。")


def permitted(host: str, port: int, networks: Iterable[str], *, tls: bool) -> str:
    """The address to connect to. Raises BureauDown where it is not found, or private and not allowed.

    The name is looked up once and the connection goes to what was looked at: no second look-up can lead elsewhere.
    Without TLS only allowed networks are reached.
    """
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise BureauDown(f"找不到主机 {host}：{error}") from None
    allowed = [ip_network(one) for one in networks]
    for text in sorted(found):
        address = ip_address(text.partition("%")[0])
        inside = any(address in network for network in allowed if network.version == address.version)
        if not inside and not (tls and address.is_global):
            raise BureauDown(
                f"{host} 的地址 {text} 不在允许的网段内；内网接口和不加密的接口要写进 BUREAU_NETWORKS。"
            )
    return min(found)


class HttpTransport:
    """Conversations with one source over a connection that is kept. `now` gives the moment of each call, `nonce` a fresh one."""

    def __init__(
        self, source: str, address: str, secret: str, *, timeout: float, networks: Iterable[str], callback: str,
        now: Callable[[], datetime], nonce: Callable[[], str],
    ) -> None:  # fmt: skip
        check_address(address)
        parts = urlsplit(address)
        assert parts.hostname
        self._source, self._secret, self._callback = source, secret, callback
        self._host, self._tls, self._path = parts.hostname, parts.scheme == "https", parts.path.rstrip("/")
        self._port, self._shown = parts.port or _PORTS[parts.scheme], parts.netloc
        self._timeout, self._networks, self._now, self._nonce = timeout, tuple(networks), now, nonce
        self._pool: urllib3.HTTPConnectionPool | None = None

    def ask(self, wanted: Wanted) -> Reply | Accepted:
        """Put a question. Raises BureauDown, BadAnswer, QuestionRefused."""
        body = json.dumps(question(wanted, self._callback), ensure_ascii=False).encode()
        status, told = self._call("POST", "/queries", body)
        if status in _REFUSALS:
            raise QuestionRefused(f"对方不受理：{str(told.get('reason', status))[:200]}")
        return self._reply(wanted.key, status, told)

    def poll(self, key: str) -> Reply | Accepted | None:
        """How a question stands. Raises BureauDown, BadAnswer."""
        status, told = self._call("GET", f"/queries/{key}", b"")
        return None if status == _NOT_FOUND else self._reply(key, status, told)

    def close(self) -> None:
        """Give the connection back."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    @staticmethod
    def _reply(key: str, status: int, told: dict[str, object]) -> Reply | Accepted:
        if told.get("key") != key:
            raise BadAnswer("答复的不是所问的查询", "key", told.get("key"))
        if status == _OK:
            return read_answer(told.get("answer"), "http")
        seconds = told.get("again_after")
        return Accepted(seconds if isinstance(seconds, int) and seconds > 0 else None)

    def _call(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, object]]:
        """Status and document of 200, 202, of a refusal, and of 404 to a GET. Raises BureauDown, BadAnswer."""
        path, nonce = self._path + path, self._nonce()
        headers = signed_call(self._secret, self._source, method, path, body, nonce=nonce, now=self._now())
        headers |= {"Host": self._shown, "Content-Type": "application/json", "Accept-Encoding": "identity"}
        try:
            answer = self._opened().request(
                method, path, body=body, headers=headers, redirect=False, retries=False, preload_content=False
            )
            with answer:
                told = answer.read(LARGEST + 1)
                if len(told) <= LARGEST:
                    answer.drain_conn()
        except urllib3.exceptions.HTTPError as error:
            self.close()
            raise BureauDown(_words(error)) from error
        if len(told) > LARGEST:
            self.close()
            raise BadAnswer(f"答复超过 {LARGEST // 1024} KB")
        known = answer.status in {_OK, _LATER, *_REFUSALS} or (
            method == "GET" and answer.status == _NOT_FOUND
        )
        if not known:
            raise BureauDown(
                f"对方回答状态 {answer.status}{'，不跟随转向' if answer.get_redirect_location() else ''}"
            )
        try:
            check_answer(self._secret, nonce, answer.status, told, answer.headers)
        except NotSigned as error:
            raise BureauDown(error.message) from error
        return answer.status, read_json(told)

    def _opened(self) -> urllib3.HTTPConnectionPool:
        if self._pool is None:
            address = permitted(self._host, self._port, self._networks, tls=self._tls)
            timeout = urllib3.Timeout(total=self._timeout)
            if self._tls:
                self._pool = urllib3.HTTPSConnectionPool(
                    address, self._port, timeout=timeout, ssl_context=ssl.create_default_context(),
                    server_hostname=self._host, assert_hostname=self._host,
                )  # fmt: skip
            else:
                self._pool = urllib3.HTTPConnectionPool(address, self._port, timeout=timeout)
        return self._pool


def _words(error: urllib3.exceptions.HTTPError) -> str:
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return f"连接不上：{error}"
    if isinstance(error, urllib3.exceptions.TimeoutError):
        return "对方没有在规定时间内回答"
    if isinstance(error, urllib3.exceptions.SSLError):
        return f"对方的证书不可信或加密连接失败：{error}"
    return f"连接中断：{error}"
