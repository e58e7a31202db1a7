"""The pages of the sources in a real browser: nothing for axe to find, no sideways scrolling on a phone."""

from sqlalchemy import update

from tests.verification.conftest import Order
from tests.web.desks.test_rules_screens import address, fine, page, sign_in
from workflow.models import BureauFile, VerificationSource

__all__ = ["address", "page"]


def test_sources_and_one_source_and_the_letter_in_the_grid(desks, address, page):
    order = Order(desks, members=2)
    with desks.database.acting() as conn:
        values = {"transport": "http", "address": "https://tax.example.cn/verify", "circuit": "open", "try_at": desks.now,
                  "last_error": "对方没有在规定时间内回答", "last_success_at": desks.now}  # fmt: skip
        conn.execute(update(VerificationSource).where(VerificationSource.code == "tax").values(**values))
        session = desks.office.session(conn)
        session.add(BureauFile(
            source="tax", direction="in", state="refused", day=desks.today, number=1, name="answers.csv", at=desks.now, rows=9,
            refused=9, faults=[{"line": 4, "column": "单位", "value": "斤", "reason": "单位应是元／年"}],
        ))  # fmt: skip
        session.flush()
    sign_in(page, address, "administrator1")
    page.goto(f"{address}/admin/sources")
    fine(page, "sources")
    page.goto(f"{address}/admin/sources/tax")
    fine(page, "source")
    page.context.clear_cookies()
    sign_in(page, address, "verification_officer1")
    page.goto(f"{address}/cases/{desks.case(order.case).number}/verification")
    fine(page, "order")
