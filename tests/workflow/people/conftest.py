"""People of one village, made as rows: what is compared, merged and tied here needs no application."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from tests.workflow.families import VILLAGE
from workflow.models import Household, Membership, Person

NOW = datetime(2016, 9, 5, 1, tzinfo=UTC)
TODAY = date(2016, 9, 5)


@pytest.fixture
def person(session: Session) -> Callable[..., Person]:
    """Somebody of the village: a woman born on 1950-03-04 where nothing else is said."""

    def make(name: str = "王秀英", **more: object) -> Person:
        facts = {"birth": date(1950, 3, 4), "sex": "F", "hukou_area": VILLAGE} | more
        made = Person(name=name, **facts)
        session.add(made)
        session.flush()
        return made

    return make


@pytest.fixture
def home(session: Session) -> Callable[..., Household]:
    """A household of these people: (person, relation), from a day to a day where said."""

    def make(*members: tuple, area: str = VILLAGE) -> Household:
        made = Household(area_code=area, setting="rural", address="和平路", created_at=NOW)
        session.add(made)
        session.flush()
        for who, relation, *days in members:
            first, last = (*days, None, None)[:2]
            session.add(
                Membership(household_id=made.id, person_id=who.id, relation=relation,
                           from_date=first or date(2010, 1, 1), to_date=last)
            )  # fmt: skip
            session.flush()
        session.refresh(made)
        return made

    return make
