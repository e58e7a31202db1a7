"""Releases, orders and migrations on the pages: one writes, another signs."""

import json
import re

import pytest
from sqlalchemy import select

from workflow.config import Config
from workflow.jobs import JOBS
from workflow.models import EditionPeriod, Migration, Release
from workflow.running.job import Run, run_job


@pytest.fixture
def writer(desks):
    return desks.browser("administrator1")


@pytest.fixture
def signer(desks):
    return desks.browser("department_head1")


def test_every_release_is_listed_as_it_was_shipped_and_as_it_runs(desks, writer):
    page = writer.get("/releases/").text
    with desks.database.reading() as session:
        shipped = session.scalars(select(Release)).all()
    assert page.count("随产品发布") == len(shipped)
    assert "被改动" not in page
    assert "绑定的内容" in writer.get(f"/releases/{shipped[0].id}").text


def test_an_edition_is_put_in_force_by_two_people(desks, writer, signer):
    order = {"edition": "NAT2021-DELEGATED", "from_date": "2030-01-01", "source": "甬民发〔2029〕1 号"}
    assert (
        writer.post(
            "/releases/orders", order | {"from_date": "2016-01-01"}, on="/releases/orders"
        ).status_code
        == 409
    )
    assert writer.post("/releases/orders", order, on="/releases/orders").status_code == 303
    assert "待第二人签发" in writer.get("/releases/orders").text
    assert writer.post("/releases/orders/1/confirm", {}, on="/releases/orders").status_code == 403
    assert signer.post("/releases/orders/1/confirm", {}, on="/releases/orders").status_code == 303
    with desks.database.reading() as session:
        periods = session.scalars(select(EditionPeriod).order_by(EditionPeriod.from_date)).all()
        assert [(str(p.to_date), p.edition) for p in periods[-2:]] == [
            ("2029-12-31", "NAT2021"),
            ("None", "NAT2021-DELEGATED"),
        ]


def test_two_editions_stand_side_by_side(writer):
    page = writer.get("/releases/diff?before=dibao:NB2016&after=dibao:NAT2021").text
    assert "拟批准公示" in page
    assert "30 个工作日（M57-22）" in page
    drawn = writer.get("/releases/diff.svg?before=dibao:NB2016&after=dibao:NAT2021")
    assert drawn.mimetype == "image/svg+xml"
    assert drawn.text.count("有变") > 3
    assert writer.get("/releases/diff?before=dibao:NB2016&after=dibao:NO").status_code == 404


def test_a_migration_is_planned_tried_signed_run_and_taken_back(desks, writer, signer):
    start = {"definition": "dibao", "source": "NB2016", "target": "NAT2021", "reason": "按新办法办理"}
    answer = writer.post("/releases/migrations", start, on="/releases/migrations")
    place = answer.location
    page = writer.get(place).text
    assert "每件的影响" in page
    sheet = writer.get(f"{place}/sheet.csv").text
    assert sheet.startswith("\ufeff受理号")
    plan = json.loads(writer.get(f"{place}/plan.json").text)
    typed = form_of(page)
    assert writer.post(place, typed | {"clock.span:town.article": ""}, on=place).status_code == 303
    assert "须写明条款" in writer.get(place).text
    assert signer.post(f"{place}/confirm", {}, on=place).status_code == 409
    assert writer.post(place, typed | {"reason": "按新办法办理"}, on=place).status_code == 303
    with desks.database.reading() as session:
        assert session.scalars(select(Migration.plan)).one() == plan
    assert writer.post(f"{place}/start", {}, on=place).status_code == 409
    assert signer.post(f"{place}/confirm", {}, on=place).status_code == 303
    assert writer.post(f"{place}/start", {}, on=place).status_code == 303
    run_job(
        next(job for job in JOBS if job.id == "migrations"),
        Run(desks.office, desks.database, Config(), desks.now),
    )
    assert "已完成" in writer.get(place).text
    case = desks.case(desks.id("late"))
    assert case.edition == "NAT2021"
    shown = desks.browser("town_reviewer1").get(f"/cases/{case.number}").text
    assert "绑定的版本" in shown
    assert "迁移到 NAT2021 版" in shown
    back = writer.post(f"{place}/undo", {"reason": "方案有误"}, on=place)
    assert "退回迁移" in writer.get(back.location).text


def form_of(page: str) -> dict[str, str]:
    """What the form of the plan holds as it is shown."""
    plan = page[page.index('id="plan"') :]
    typed = {}
    for name, chosen in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', plan, re.DOTALL):
        found = re.search(r'<option value="([^"]*)" selected', chosen)
        typed[name] = found[1] if found else ""
    typed |= dict(re.findall(r'<input type="text"(?: id="[^"]*")? name="([^"]+)" value="([^"]*)"', plan))
    return typed
