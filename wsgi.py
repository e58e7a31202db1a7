"""The WSGI application: `gunicorn wsgi:app`."""

from web import create_app
from workflow.config import Config

app = create_app(Config.from_env())
