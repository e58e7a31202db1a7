"""The auditor draws a sample anybody can draw again, verifies it, and can change nothing."""

import csv
import io
import re

import pytest
from sqlalchemy import update

from workflow.acts import act
from workflow.desk.bulk import ALL
from workflow.errors import NotPermitted
from workflow.models import AccessLog, BatchItem, Case, JournalEntry, Task

NUMBER = re.compile(r"[A-Z]+-2016-[0-9]{6}")


def numbers(page: str) -> list[str]:
    return list(dict.fromkeys(NUMBER.findall(page)))


def test_the_same_seed_draws_the_same_cases_another_seed_others(desks):
    first, second = desks.browser("auditor1"), desks.browser("auditor2")
    drawn = numbers(first.get("/audit/?seed=8317&number=4").text)
    assert len(drawn) == 4
    assert numbers(second.get("/audit/?seed=8317&number=4").text) == drawn
    assert numbers(first.get("/audit/?seed=8317&number=2").text) == drawn[:2]
    assert any(numbers(first.get(f"/audit/?seed={seed}&number=4").text) != drawn for seed in range(5))


def test_paper_and_table_hold_the_same_list(desks):
    browser = desks.browser("auditor1")
    drawn = numbers(browser.get("/audit/?seed=8317&number=5&programme=dibao").text)
    table = list(
        csv.reader(
            io.StringIO(
                browser.get("/audit/sample.csv?seed=8317&number=5&programme=dibao").data.decode("utf-8-sig")
            )
        )
    )
    assert [row[1] for row in table[1:]] == drawn
    assert {row[-1] for row in table[1:]} == {"与日志一致"}
    paper = browser.get("/audit/sample.pdf?seed=8317&number=5&programme=dibao")
    assert (paper.status_code, paper.mimetype, paper.data[:5]) == (200, "application/pdf", b"%PDF-")


def test_a_case_changed_behind_its_journal_is_told_and_every_look_is_written_down(desks):
    browser = desks.browser("auditor1")
    drawn = numbers(browser.get("/audit/?seed=8317&number=3").text)
    looks = [row for row in desks.rows(AccessLog) if row.what == "audit_sample"]
    assert sorted(row.case_id for row in looks) == sorted(
        row.id for row in desks.rows(Case) if row.number in drawn
    )
    with desks.database.acting() as conn:
        conn.execute(update(Case).where(Case.number == drawn[1]).values(title="别人"))
    page = browser.get("/audit/?seed=8317&number=3").text
    assert "1 件不一致" in page
    assert numbers(page) == drawn


def test_what_cannot_be_drawn_is_said(desks):
    browser = desks.browser("auditor1")
    assert browser.get("/audit/").status_code == 200
    assert browser.get("/audit/?seed=1&number=9999").status_code == 422
    assert browser.get("/audit/sample.csv").status_code == 422


def test_the_auditor_can_do_nothing_to_any_case(desks):
    auditor, browser = desks.staff("auditor"), desks.browser("auditor1")
    before = len(desks.rows(JournalEntry))
    for case in desks.rows(Case):
        blueprint = desks.office.catalogue.of(case)
        for action in (code for code, word in blueprint.actions.items() if case.stage in word.moves):
            with pytest.raises(NotPermitted), desks.database.acting() as conn:
                act(
                    desks.office,
                    conn,
                    case.id,
                    action,
                    actor=auditor,
                    form={},
                    seen=case.version,
                    now=desks.now,
                )
    tasks = [str(task.id) for task in desks.rows(Task) if task.state == "open"]
    for verb in ALL:
        browser.post("/bulk/do", {"verb": verb, "task": tasks, "to": str(auditor.id), "reason": "试一试"})
    assert {item.state for item in desks.rows(BatchItem)} == {"skipped"}
    assert len(desks.rows(JournalEntry)) == before
