"""An autumn in a town's office, made once: families on benefit, refused, late, on the board, on the payment list.

The acts and sweeps are the product's own (tests.district); here is only which family is where, and browsers for staff.
"""

from __future__ import annotations

import itertools
import shutil
from datetime import date
from pathlib import Path

from sqlalchemy import select, update

from notifications.jobs import JOBS as MESSAGES
from tests.district import COUNTY, TOWN, VILLAGE, District, prepare
from tests.web.conftest import PASSWORD, Browser
from web import create_app
from web.edge import Edge
from workflow.config import Config
from workflow.models import Area, Case, User
from workflow.passwords import hash_password
from workflow.running.job import Run, run_job

LAST_DAY = date(2016, 10, 25)

__all__ = ["COUNTY", "LAST_DAY", "TOWN", "VILLAGE", "Desks", "tell"]


def tell(url: str) -> dict[str, str]:
    """Fill a database with the autumn; the numbers of its cases by what they stand for."""
    prepare(url)
    district = District(url)
    cases = {
        "benefit": district.application(members=3, incomes=("14400",)),
        "refused": district.application(incomes=("9000",)),
    }
    district.bring_all(list(cases.values())[:1], "on_benefit")
    district.bring(cases["refused"], "decision")
    district.do(cases["refused"], "refuse", reason="家庭人均月收入高于当地最低生活保障标准")
    cases["check"] = district.child(cases["refused"], "verification")
    district.live_until("2016-10-08")
    cases["posted"] = district.bring(district.application(members=2), "publicity")
    cases["late"] = district.bring(district.application(members=4, minors=2), "investigating")
    cases["correcting"] = district.application(members=1)
    district.do(cases["correcting"], "submit", authorised=[])
    district.do(cases["correcting"], "notify_missing")
    district.live_until("2016-10-20")
    cases["hanging"] = district.bring(district.application(members=2, minors=1), "publicity")
    cases["to_post"] = district.bring(district.application(members=3), "posting")
    cases["draft"] = district.application(members=2)
    district.do(cases["benefit"], "report_change", kind="income")
    district.live_until(LAST_DAY)
    cases["list"] = next(row.id for row in district.rows(Case, definition="payment"))
    with district.database.acting() as conn:
        conn.execute(update(User).values(password_hash=hash_password(PASSWORD), email=""))
        conn.execute(
            update(Area)
            .where(Area.code.in_((TOWN, COUNTY)))
            .values(office="便民服务中心救助窗口", address="人民路 1 号")
        )
    for job in MESSAGES:
        run_job(job, Run(district.office, district.database, Config(database_url=url), district.now))
    numbers = {name: district.case(case).number for name, case in cases.items()}
    district.close()
    return numbers


class Desks(District):
    """The district on the autumn's last day, with the application over it and browsers signed in as its staff."""

    def __init__(self, template: Path, folder: Path, numbers: dict[str, str], **config: str) -> None:
        path = folder / "desks.db"
        shutil.copy(template, path)
        super().__init__(f"sqlite:///{path}")
        self.day(LAST_DAY)
        self._orders = itertools.count(100)
        self.numbers = numbers
        self.config = Config(
            database_url=self.url, secret_key="a secret of the tests", public_url="http://localhost", **config
        )
        self.edge = Edge(self.config, self.database, self.office, self.clock)
        self.app = create_app(self.config, self.edge)

    def id(self, name: str) -> int:
        """The row of a case of the story."""
        with self.database.reading() as session:
            return session.scalars(select(Case.id).where(Case.number == self.numbers[name])).one()

    def browser(self, login: str = "") -> Browser:
        """A browser, signed in where a login is given (window_clerk1, supervisor2 ...)."""
        made = Browser(self.app.test_client())
        if login:
            answer = made.sign_in(login)
            assert answer.status_code == 303, answer.text
        return made
