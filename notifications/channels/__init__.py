"""Ways out of the house, a file each. A channel gets one letter at a time and knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Outcome = Literal["sent", "held"]


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail. `message_id` is the same at every try, so a duplicate is known for one."""

    to: str
    subject: str
    body: str
    message_id: str
    at: datetime


class DeliveryFailed(Exception):  # noqa: N818 - said of one letter; it will be tried again
    """The letter was not taken; the reason is in the other side's words."""


class ChannelDown(DeliveryFailed):
    """The other side cannot be reached or will take no letter now: there is no use in trying the next."""


class Channel(Protocol):
    """Takes letters out."""

    def deliver(self, mail: Mail) -> Outcome:
        """Hand over one letter. Raises DeliveryFailed, ChannelDown."""
        ...

    def close(self) -> None:
        """End the conversation, if there is one."""
        ...
