"""Get PostgreSQL and Chromium ready before the tests, so that what is missing is said once and early."""

from tests.parts import browser, postgres

with postgres.server() as running:
    print(f"PostgreSQL {running.version()}")  # noqa: T201 - this is what the command is for
print(f"Chromium {browser.version()}")  # noqa: T201 - as above
