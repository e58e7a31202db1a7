"""`serve` and `scheduler`: the two processes of a running service."""

from __future__ import annotations

import errno
import logging
import socket
from typing import TYPE_CHECKING, Any

import click
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from web.cli import main
from web.cli.base import Tool, pass_tool
from workflow.errors import BadConfiguration

if TYPE_CHECKING:
    from web.edge import Edge

THREADS = 8
GRACE = 2
"""Seconds that running requests have left when the service is asked to stop."""
MOST_PORT = 65535
_SHOWN_SEGMENTS = 2


class AccessLogger(Logger):
    """Logs that a page was asked for, not by whom nor which case: method, first words of the path, status, time."""

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> None:
        path = environ.get("PATH_INFO", "").strip("/").split("/")
        shown = "/".join(path[:_SHOWN_SEGMENTS]) if path[0] in ("api", "static") else path[0]
        self.access_log.info(
            "%s /%s%s %s %dms",
            environ.get("REQUEST_METHOD", ""),
            shown,
            "/…" if len(path) > shown.count("/") + 1 else "",
            resp.status.split(None, 1)[0],
            request_time.total_seconds() * 1000,
        )


class Server(BaseApplication):
    """Gunicorn with this application and our settings, made once before the workers are forked: one that dies is
    replaced in a moment. No connection is handed on: each worker opens its own.
    """

    def __init__(self, edge: Edge, options: dict[str, Any]) -> None:
        self._edge, self._options = edge, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from web import create_app

        app = create_app(self._edge.config, self._edge)
        self._edge.database.close()
        return app


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址；所有地址写 0.0.0.0。")
@click.option("--port", type=int, default=None, help="端口；不写用 PORT，默认 8000。")
@click.option("--workers", type=int, default=2, show_default=True, help="进程数。")
@pass_tool
def serve(tool: Tool, host: str, port: int | None, workers: int) -> None:
    """启动网页和接口。"""
    port = tool.config.port if port is None else port
    if workers < 1:
        raise BadConfiguration("--workers 至少是 1。")
    check_port(host, port)
    options = {
        "bind": f"{host}:{port}" if ":" not in host else f"[{host}]:{port}",
        "workers": workers,
        "preload_app": True,
        "worker_class": "gthread",
        "threads": THREADS,
        "graceful_timeout": GRACE,
        "accesslog": "-",
        "errorlog": "-",
        "loglevel": "warning",
        "logger_class": AccessLogger,
        "control_socket_disable": True,
        "proc_name": "jiuzhu",
    }
    click.echo(f"服务地址：http://{host}:{port}", err=True)
    edge = tool.edge
    tool.database.close()
    Server(edge, options).run()


def check_port(host: str, port: int) -> None:
    """Raise BadConfiguration, in one line, where nobody could listen there."""
    if not 1 <= port <= MOST_PORT:
        raise BadConfiguration(f"端口应在 1 到 {MOST_PORT} 之间，现在是 {port}。")
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise BadConfiguration(f"端口 {port} 已被占用，请用 --port 或 PORT 换一个。") from None
        raise BadConfiguration(f"不能在 {host}:{port} 监听：{error.strerror}。") from None


@main.command()
@pass_tool
def scheduler(tool: Tool) -> None:
    """启动定时任务（提醒、督办、到日的决定、消息发送）；同一个 PostgreSQL 上可以开任意多个。"""
    from web.jobs import JOBS
    from workflow.scheduler import run

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for library in ("apscheduler", "alembic"):
        logging.getLogger(library).setLevel(logging.WARNING)
    run(tool.edge, JOBS)
