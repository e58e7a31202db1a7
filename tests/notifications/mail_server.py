"""A mail server at the far side of the network, that behaves as the test says: takes, refuses, greylists, drops, hangs."""

import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default


class MailServer:
    """`mood` is read at every conversation; `letters` are those whose bytes arrived, acknowledged or not."""

    def __init__(self) -> None:
        self.mood = "takes"
        self.letters: list[EmailMessage] = []
        self.conversations = 0
        self.released = threading.Event()
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        desk: MailServer = self.server.desk  # type: ignore[attr-defined]
        desk.conversations += 1
        if desk.mood == "busy":
            self._say("421 too busy")
            return
        if desk.mood == "hangs":
            desk.released.wait(30)
            return
        self._say("220 desk")
        while line := self.rfile.readline():
            word = line.split()[0].upper().decode() if line.split() else ""
            if word == "DATA":
                if not self._take(desk):
                    return
            elif word == "QUIT":
                self._say("221 bye")
                return
            elif word == "RCPT" and desk.mood == "greylists":
                self._say("451 come again later")
            elif word == "RCPT" and desk.mood == "refuses":
                self._say("550 no such user")
            else:
                self._say("250 ok")

    def _take(self, desk: MailServer) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        desk.letters.append(email.message_from_bytes(b"".join(lines), policy=default))  # type: ignore[arg-type]
        if desk.mood == "drops":
            return False
        self._say("250 taken")
        return True

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def mail_server() -> Iterator[MailServer]:
    desk = MailServer()
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.desk = desk  # type: ignore[attr-defined]
        desk.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield desk
        finally:
            desk.released.set()
            server.shutdown()
            thread.join()
