"""The visible outbox: where no mail server is configured, e-mails stay on a page where everybody sees that they wait."""

from __future__ import annotations

from notifications.channels import Mail, Outcome


class VisibleOutbox:
    """Keeps every letter in the house."""

    def deliver(self, mail: Mail) -> Outcome:
        """Nothing leaves: the letter is held."""
        return "held"

    def close(self) -> None:
        """Nothing was opened."""
