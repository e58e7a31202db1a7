"""A photograph that says it was taken after today proves nothing about today."""

import pytest

from tests.district import District
from workflow.documents import add_document
from workflow.errors import FormRefused
from workflow.models import Document


def taken(day: bytes) -> bytes:
    """A photograph as a camera writes it."""
    return b"\xff\xd8\xff\xe1\x00\x40Exif\0\0II*\0" + day + b"\0\xff\xdb\x00\x43"


@pytest.mark.parametrize(
    "body, accepted",
    [
        (taken(b"2016:09:05 09:30:00"), True), (taken(b"2016:09:05 23:59:59"), True), (taken(b"2015:01:01 00:00:00"), True),
        (taken(b"2016:09:06 00:00:01"), False), (taken(b"2036:09:05 09:30:00"), False),
        (taken(b"0000:00:00 00:00:00"), True), (b"\xff\xd8\xff\xdb2036:09:05 09:30:00\0", True),
    ],
)  # fmt: skip
def test_the_day_of_a_photograph_is_not_after_today(quick: District, body: bytes, accepted: bool) -> None:
    case = quick.bring(quick.application(), "posting")
    with quick.database.acting() as conn:
        session = quick.office.session(conn)
        form = {
            "kind": "posting_photo",
            "name": "公示.jpg",
            "body": body,
            "actor": quick.everything,
            "now": quick.now,
        }
        if accepted:
            add_document(session, quick.case(case), **form)
        else:
            with pytest.raises(FormRefused, match="在今天以后"):
                add_document(session, quick.case(case), **form)
    assert len(quick.rows(Document, case, kind="posting_photo")) == accepted
