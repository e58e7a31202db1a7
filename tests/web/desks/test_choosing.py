"""Cases chosen by what they are, one act on all: previewed, with a reason, and every one accounted for."""

import re

from sqlalchemy import update

from workflow.models import BatchItem, Case, Halt, Nudge, Task


def ticked(page: str) -> list[str]:
    return re.findall(r'name="task" value="([0-9]+)"', page)


def test_cases_are_found_by_programme_stage_edition_and_age(desks):
    browser = desks.browser("supervisor1")
    whole = ticked(browser.get("/bulk/find?programme=dibao").text)
    assert whole
    assert set(ticked(browser.get("/bulk/find?edition=NB2016&area=330212101000").text)) >= set(whole)
    for row in desks.rows(Case, definition="dibao"):
        if row.closed_at is None and row.edition == "NB2016":
            found = ticked(browser.get(f"/bulk/find?programme=dibao&stage={row.stage}").text)
            assert {str(task.id) for task in desks.rows(Task, row.id) if task.state == "open"} <= set(found)
    assert ticked(browser.get("/bulk/find?programme=dibao&age=365").text) == []
    assert ticked(browser.get("/bulk/find?edition=NAT2021-DELEGATED").text) == []


def test_each_one_chosen_is_done_left_out_or_failed_and_the_sums_are_the_selection(desks):
    browser = desks.browser("supervisor1")
    chosen = ticked(browser.get("/bulk/find?programme=dibao").text)
    broken = next(task for task in desks.rows(Task) if str(task.id) == chosen[0])
    with desks.database.acting() as conn:
        conn.execute(update(Case).where(Case.id == broken.case_id).values(edition="NO-SUCH-LAW"))
    form = {"verb": "suspend", "task": chosen, "to": "0", "reason": "等候上级统一部署"}
    before = len(desks.rows(Halt))
    answer = browser.post("/bulk/do", form)
    assert answer.status_code == 303
    items = desks.rows(BatchItem)
    assert sorted(item.task_id for item in items) == sorted(int(one) for one in chosen)
    counts = {
        state: sum(item.state == state for item in items)
        for state in ("done", "skipped", "failed", "waiting")
    }
    assert counts["waiting"] == 0
    assert counts["done"] == len(desks.rows(Halt)) - before
    assert sum(counts.values()) == len(chosen)
    assert all(item.reason for item in items if item.state in {"skipped", "failed"})
    assert {row.state for row in desks.rows(Halt)} == {"asked"}


def test_a_preview_changes_nothing_and_wants_a_reason(desks):
    browser = desks.browser("supervisor1")
    chosen = ticked(browser.get("/bulk/find?programme=dibao").text)
    assert (
        browser.post(
            "/bulk/preview", {"verb": "suspend", "task": chosen, "to": "0", "reason": ""}
        ).status_code
        == 422
    )
    nudges = len(desks.rows(Nudge))
    page = browser.post("/bulk/preview", {"verb": "suspend", "task": chosen, "to": "0", "reason": "等候部署"})
    assert page.status_code == 200
    assert "提出挂起" in page.text
    assert desks.rows(Halt) == []
    assert len(desks.rows(Nudge)) == nudges
