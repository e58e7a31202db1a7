"""A line that drops replies: the server has done it, the phone hears nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from workflow.entropy import SeededEntropy

HOPS = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Line:
    """A proxy before the server. From `dropping` on it loses so many of a hundred replies to what hands in."""

    def __init__(self, upstream: str) -> None:
        self.host = urlsplit(upstream).netloc
        self.percent = self.dropped = self.passed = 0
        self._entropy, self._turn = SeededEntropy("line"), threading.Lock()
        line = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                line.carry(self)

            do_POST = do_GET  # noqa: N815 - the library looks for this name

            def log_message(self, *_: object) -> None:
                """Nothing: the server has its own log."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def carry(self, asked: BaseHTTPRequestHandler) -> None:
        """Hand a request on, and its answer back, or not."""
        body = asked.rfile.read(int(asked.headers.get("Content-Length", 0)))
        upstream = HTTPConnection(self.host, timeout=60)
        headers = {name: value for name, value in asked.headers.items() if name.lower() not in HOPS}
        upstream.request(asked.command, asked.path, body, headers)
        answer = upstream.getresponse()
        said = answer.read()
        upstream.close()
        asked.close_connection = True
        if asked.path == "/agent/packages" and self._loses():
            return
        asked.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOPS | {"server", "date"}:
                asked.send_header(name, value)
        asked.send_header("Content-Length", str(len(said)))
        asked.send_header("Connection", "close")
        asked.end_headers()
        asked.wfile.write(said)

    def _loses(self) -> bool:
        with self._turn:
            lost = self._entropy.below(100) < self.percent
            self.dropped, self.passed = self.dropped + lost, self.passed + (not lost)
            return lost


@contextmanager
def flaky(upstream: str) -> Iterator[Line]:
    """The line, open as long as the block lasts."""
    line = Line(upstream)
    thread = threading.Thread(target=line.server.serve_forever)
    thread.start()
    try:
        yield line
    finally:
        line.server.shutdown()
        thread.join()
        line.server.server_close()
