"""Security headers of every answer, and the nonce that lets a page's own scripts run."""

from __future__ import annotations

from flask import Flask, Response, g, request

from web.context import edge

SANDBOX = "default-src 'none'; sandbox"
"""For uploaded files: nothing in them may run."""


def nonce() -> str:
    """The nonce of this answer: scripts without it do not run."""
    if "nonce" not in g:
        g.nonce = edge().office.entropy.token(16)
    return str(g.nonce)


def policy() -> str:
    """The content security policy of a page."""
    return "; ".join((
        "default-src 'none'",
        f"script-src 'nonce-{nonce()}' 'strict-dynamic'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    ))  # fmt: skip


def init_app(app: Flask, *, secure: bool) -> None:
    """Set the headers on every answer, that of an error too."""
    app.jinja_env.globals["csp_nonce"] = nonce

    @app.after_request
    def _headers(answer: Response) -> Response:
        head = answer.headers
        head.setdefault("Content-Security-Policy", policy())
        head.setdefault("X-Content-Type-Options", "nosniff")
        head.setdefault("Referrer-Policy", "same-origin")
        head.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        head.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        head.setdefault("X-Frame-Options", "DENY")
        head.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
        if secure:
            head.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if request.endpoint != "static.file":
            head.setdefault("Cache-Control", "no-store")
            head.setdefault("Vary", "Cookie")
        return answer
