"""The language of a page: the user's own choice, else the browser's cookie, else Simplified Chinese."""

from __future__ import annotations

from typing import Any

from babel.support import Translations
from flask import Blueprint, Flask, current_app, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_translations, gettext, ngettext
from flask_login import current_user
from markupsafe import escape
from sqlalchemy import update

from web import context
from web.auth import open_to_all
from web.sentences import prepare, translator
from workflow.models import User

LANGUAGES = {"zh_Hans": "简体中文", "en": "English"}
TAGS = {"zh_Hans": "zh-Hans", "en": "en"}
COOKIE = "lang"

bp = Blueprint("language", __name__)


def chosen() -> str:
    """The language code of this request."""
    own = current_user.locale if current_user and current_user.is_authenticated else ""
    wanted = own or request.cookies.get(COOKIE, "")
    return wanted if wanted in LANGUAGES else "zh_Hans"


@bp.post("/language")
@open_to_all
def choose() -> ResponseReturnValue:
    """Take the reader's choice and show the page again."""
    wanted, back = request.form.get("language", ""), request.form.get("back", "/")
    answer = redirect(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/", 303)
    if wanted in LANGUAGES:
        answer.set_cookie(
            COOKIE,
            wanted,
            max_age=365 * 86400,
            samesite="Lax",
            secure=context.edge().config.secure,
            httponly=True,
        )
        if current_user.is_authenticated:
            with context.acting() as conn:
                conn.execute(update(User).where(User.id == current_user.id).values(locale=wanted))
    return answer


def say(text: str, **values: Any) -> str:
    """`_()` of the templates: the translated text, to be escaped as any other; only with values is it a pattern.

    The library's own marks every text as safe markup and formats it, and so would print a message that repeats what
    somebody typed as HTML, and fail on one that holds a percent sign.
    """
    shown = gettext(text)
    if not values and shown == text:
        return _sentence(text)
    return escape(shown) % values if values else shown


def _sentence(text: str) -> str:
    """A text that is no id of the catalogue: a sentence with values in it, where it is one."""
    translations, known = get_translations(), current_app.extensions["sentences"]
    if not isinstance(translations, Translations) or chosen() == "zh_Hans":
        return text
    if chosen() not in known:
        catalog = translations._catalog  # noqa: SLF001 - the library offers no list of its ids
        texts = ((id_, said) for id_, said in catalog.items() if isinstance(id_, str))
        known[chosen()] = translator(prepare(texts), translations.gettext)
    return str(known[chosen()](text))


def count(text: str, n: int) -> str:
    """`_n()`: a text about `n` of something, in the number its language asks for; the Chinese has one form for all."""
    return ngettext(text, text, n, n=n)


def init_app(app: Flask) -> None:
    """Set up translations; templates know the language tag of the page."""
    app.config["BABEL_DEFAULT_LOCALE"] = "zh_Hans"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Shanghai"
    Babel(app, locale_selector=chosen)
    app.register_blueprint(bp)
    app.extensions["sentences"] = {}
    app.jinja_env.globals.update(languages=LANGUAGES, language=chosen, language_tag=lambda: TAGS[chosen()])
    app.jinja_env.globals.update(_=say, _n=count)
