"""The page behind the one-time link."""

from sqlalchemy import select

from workflow import staff
from workflow.models import User
from workflow.passwords import verify_password

NEW = "four plain words together"


def link(district, login="window"):
    with district.edge.database.acting() as conn:
        session = district.edge.office.session(conn)
        user = session.scalars(select(User).where(User.login == login)).one()
        secret = staff.start_reset(session, user, district.edge.office.entropy, district.clock.now())
        session.flush()
    return f"/password/{secret}"


def kept(district, login="window"):
    with district.edge.database.reading() as session:
        return session.scalars(select(User.password_hash).where(User.login == login)).one()


def test_the_link_sets_a_password_once(district):
    path, browser = link(district), district.client()
    assert browser.get(path).status_code == 200
    assert browser.post(path, {"password": NEW, "again": NEW}, on=path).status_code == 303
    assert verify_password(kept(district), NEW)
    assert browser.get(path).status_code == 404


def test_two_different_or_weak_ones_are_refused_and_the_link_stays(district):
    path, browser = link(district), district.client()
    assert browser.post(path, {"password": NEW, "again": NEW + "!"}, on=path).status_code == 422
    assert browser.post(path, {"password": "short", "again": "short"}, on=path).status_code == 422
    assert kept(district) == ""
    assert browser.get(path).status_code == 200
