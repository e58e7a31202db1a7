"""Running cases of the edition of 2016 brought to that of 2021: tried, signed, done, interrupted, taken back."""

from datetime import date

import pytest

from tests.district import BOTH, District
from tests.migration import caseload as load
from web.cases.page import CasePage
from workflow.actors import SYSTEM_ACTOR
from workflow.errors import NotPermitted, Refused, Unmet
from workflow.migration import running
from workflow.migration.plan import DROP, RESTART, ClockRule, Plan
from workflow.migration.sheet import dry_run, line, plan_faults, totals, ways_of
from workflow.models import Case, CaseForm, Deadline, JournalEntry, MigrationCase, Task
from workflow.running.as_at import as_at
from workflow.tasks import claim


@pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)
def test_every_case_goes_where_the_plan_says_and_the_books_stay_whole(district: District):
    cases = load.caseload(district)
    before = {stage: load.picture(district, case) for stage, case in cases.items()}
    made = load.signed(district)
    swept = load.carry_out(district, made.id)
    assert (swept.done, swept.failed) == (len(cases) - 1, 0)
    assert load.tally(district, made.id) == {"done": len(cases) - 1, "skipped": 1, "failed": 0, "waiting": 0}
    for stage, case in cases.items():
        row = district.case(case)
        stays = stage == "second_publicity"
        assert (row.edition, row.stage) == (("NB2016" if stays else "NAT2021"), load.WHERE.get(stage, stage))
        assert (row.hands, row.barred, row.facts) == tuple(
            before[stage]["case"][k] for k in ("hands", "barred", "facts")
        )
    assert district.broken() == {}
    assert not [
        row
        for row in district.rows(MigrationCase, migration_id=made.id)
        if row.state == "skipped" and "公示" not in row.reason
    ]


def test_the_sheet_foretells_what_happens(quick: District):
    cases = load.caseload(quick)
    with quick.database.reading() as session:
        foretold = {
            m.sheet["number"]: m
            for m in dry_run(quick.office, session, load.plan(quick), quick.now)
            if hasattr(m, "sheet")
        }
    made = load.signed(quick)
    load.carry_out(quick, made.id)
    for case in cases.values():
        row = quick.case(case)
        if row.number in foretold:
            sheet = foretold[row.number].sheet
            assert row.stage == sheet["new_stage"]
            dues = {d.kind: d.due_on.isoformat() for d in quick.rows(Deadline, case, state="open")}
            said = {c["to"]: c["new_due"] for c in sheet["clocks"] if c["to"]} | {
                b["kind"]: b["due"] for b in sheet["begun"]
            }
            assert dues == said
            tasks = sorted(f"{t.role}:{t.part}" if t.part else t.role for t in quick.tasks(case))
            assert tasks == sorted(sheet["tasks_after"])
    assert made.effects == totals(iter(foretold.values())) | {
        "cases": len(cases), "stays": 1, "why": {load.plan(quick).stay["second_publicity"]: 1}
    }  # fmt: skip


def test_limits_go_on_or_are_counted_from_the_event_in_the_journal(quick: District):
    cases = load.caseload(quick, ("opinion", "decision", "county_review"))
    accepted = quick.case(cases["opinion"]).accepted_on
    county = quick.deadline(cases["county_review"], "span:county").due_on
    decided = quick.deadline(cases["decision"], "stage:decision").due_on
    load.carry_out(quick, load.signed(quick).id)
    overall = quick.deadline(cases["opinion"], "span:overall")
    assert (overall.started_on, overall.rule, overall.source) == (accepted, "30wd", "M57-22")
    town = quick.deadline(cases["opinion"], "span:town")
    assert town.state == ("late" if town.due_on < quick.today else "cancelled")
    kept = quick.deadline(cases["county_review"], "span:county")
    assert (kept.due_on, kept.rule, kept.source) == (county, "5wd", "M220-26；ZJ-11")
    assert quick.deadline(cases["decision"], "span:county").due_on == decided


def test_a_migrated_case_goes_on_to_its_end_under_the_new_edition(quick: District):
    cases = load.caseload(
        quick, ("accepted", "investigating", "publicity", "county_review", "second_posting")
    )
    load.carry_out(quick, load.signed(quick).id)
    for case in cases.values():
        quick.bring(case, "on_benefit")
        assert quick.case(case).edition == "NAT2021"
    assert quick.broken() == {}


def test_who_holds_the_task_goes_on_holding_it(quick: District):
    case = load.caseload(quick, ("opinion",))["opinion"]
    (task,) = quick.tasks(case)
    holder = quick.staff("town_reviewer", 2)
    with quick.database.acting() as conn:
        claim(quick.office, conn, task.id, actor=holder, now=quick.now)
    load.carry_out(quick, load.signed(quick).id)
    (after,) = quick.tasks(case)
    assert (after.id, after.assignee_id) == (task.id, holder.id)


def test_the_entry_names_both_signers_the_reason_and_the_articles(quick: District):
    case = load.caseload(quick, ("opinion",))["opinion"]
    made = load.signed(quick)
    load.carry_out(quick, made.id)
    entry = quick.journal(case)[-1]
    writer, signer = load.signers(quick)
    assert (entry.action, entry.actor_id, entry.actor_name) == (
        "migrate",
        signer.id,
        f"{writer.name}、{signer.name}",
    )
    assert (entry.reason, entry.source, entry.origin, entry.edition) == (
        "按 2021 年办法办理",
        "M57-22",
        f"迁移 {made.id}",
        "NAT2021",
    )
    (body,) = [row.body for row in quick.rows(CaseForm, case, action="migrate")]
    assert body["sheet"]["number"] == quick.case(case).number


@BOTH
def test_a_killed_migration_is_resumed_without_double_effect(district: District, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 4)
    cases = load.caseload(district)
    made = load.signed(district)
    batches = iter([False, False, True])
    load.carry_out(district, made.id, stopped=lambda: next(batches))
    half = load.tally(district, made.id)
    assert half["waiting"] > 0
    assert half["done"] > 0
    assert district.broken() == {}
    assert sum(half.values()) == len(cases)
    load.carry_out(district, made.id)
    load.carry_out(district, made.id)
    assert load.tally(district, made.id)["waiting"] == 0
    entries = [entry.case_id for entry in district.rows(JournalEntry, action="migrate")]
    assert len(entries) == len(set(entries)) == len(cases) - 1
    assert district.broken() == {}


@BOTH
def test_a_batch_is_taken_back_until_the_first_entry_after_it(district: District, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 5)
    cases = load.caseload(district)
    before = {case: load.picture(district, case) for case in cases.values()}
    made = load.signed(district)
    load.carry_out(district, made.id)
    touched = cases["opinion"]
    district.do(touched, "propose_approve")
    batches = {row.case_id: row.batch for row in district.rows(MigrationCase, migration_id=made.id)}
    back = load.take_back(district, made.id, batch=batches[touched])
    assert district.broken() == {}
    mine = [case for case, batch in batches.items() if batch == batches[touched]]
    assert load.tally(district, back)["skipped"] == 1
    for case in mine:
        if case != touched:
            assert load.picture(district, case) == before[case]
    others = {district.case(case).edition for case, batch in batches.items() if batch != batches[touched]}
    assert "NAT2021" in others
    assert district.case(touched).edition == "NAT2021"


def test_all_of_it_is_taken_back_and_can_be_done_again(quick: District):
    cases = load.caseload(quick)
    before = {case: load.picture(quick, case) for case in cases.values()}
    made = load.signed(quick)
    load.carry_out(quick, made.id)
    load.take_back(quick, made.id)
    assert {case: load.picture(quick, case) for case in cases.values()} == before
    assert quick.broken() == {}
    again = load.signed(quick)
    load.carry_out(quick, again.id)
    assert load.tally(quick, again.id)["done"] == len(cases) - 1
    assert quick.broken() == {}


def test_one_bad_case_does_not_stop_the_others(quick: District, monkeypatch):
    cases = load.caseload(quick, ("submitted", "accepted", "opinion"))
    made = load.signed(quick)
    genuine = running.move

    def broken(office, ways, flight, now):
        if flight.case.id == cases["accepted"]:
            raise RuntimeError("torn")
        return genuine(office, ways, flight, now)

    monkeypatch.setattr(running, "move", broken)
    swept = load.carry_out(quick, made.id)
    assert (swept.done, swept.failed) == (2, 1)
    (row,) = quick.rows(MigrationCase, migration_id=made.id, state="failed")
    assert "torn" in row.reason
    monkeypatch.setattr(running, "move", genuine)
    assert load.carry_out(quick, made.id, retry=True).done == 1


# What is refused

PLAN_FAULTS = [
    ({"stages": {"opinion": "nowhere"}}, "没有这个环节"),
    ({"stages": {"opinion": "refused"}}, "办结环节"),
    ({"stages": {"opinion": ""}}, "没有写明迁到哪里"),
    ({"stages": {"no_such": "opinion"}}, "没有环节“no_such”"),
    ({"stay": {"opinion": " "}}, "没有写明理由"),
    ({"clocks": {"span:town": ClockRule("", DROP, "", "")}}, "须写明条款"),
    ({"clocks": {"span:town": ClockRule("", DROP, "M57-22", "")}}, "须写明条款"),
    ({"clocks": {"span:town": ClockRule("span:overall", RESTART, "", "便民")}}, "须写明条款"),
    ({"clocks": {"span:town": ClockRule("span:no_such")}}, "没有这项时限"),
    ({"clocks": {"span:town": ClockRule("stage:accepted")}}, "只能对应同类"),
    ({"clocks": {"minimum:publicity": ClockRule("", DROP, "M57-19", "快一点")}}, "最短公示时间"),
    ({"clocks": {"minimum:publicity": ClockRule("minimum:publicity", RESTART, "M57-19", "重来")}}, "只能照旧计算"),
]  # fmt: skip


@pytest.mark.parametrize("changed, said", PLAN_FAULTS)
def test_a_plan_that_loses_something_silently_is_refused(quick: District, changed, said):
    load.caseload(quick, ("opinion", "publicity"))
    fine = load.plan(quick)
    wrong = load.plan(quick, **{name: {**getattr(fine, name), **value} for name, value in changed.items()})
    with quick.database.reading() as session:
        assert plan_faults(quick.office, session, fine) == []
        assert any(said in fault for fault in plan_faults(quick.office, session, wrong))
    made = load.draft(quick, wrong)
    with pytest.raises(Unmet):
        load.sign(quick, made.id)


def test_a_running_clock_the_plan_does_not_name_is_refused(quick: District):
    load.caseload(quick, ("opinion",))
    plan = load.plan(quick)
    silent = load.plan(
        quick, clocks={kind: rule for kind, rule in plan.clocks.items() if kind != "span:town"}
    )
    with quick.database.reading() as session:
        assert any("span:town" in fault for fault in plan_faults(quick.office, session, silent))


def test_its_writer_does_not_sign_it_nor_does_anybody_else_without_the_post(quick: District):
    load.caseload(quick, ("opinion",))
    made = load.draft(quick)
    with pytest.raises(Unmet):
        load.carry_out(quick, made.id)
    for wrong in (load.signers(quick)[0], quick.staff("town_reviewer"), SYSTEM_ACTOR):
        with pytest.raises(NotPermitted):
            load.sign(quick, made.id, wrong)
    load.sign(quick, made.id)
    with pytest.raises(Unmet):
        load.sign(quick, made.id)


def test_a_case_with_a_notice_on_the_board_stays(quick: District):
    cases = load.caseload(quick, ("publicity",))
    fine = load.plan(quick)
    hasty = load.plan(quick, stages={**fine.stages, "publicity": "forwarding"},
                      clocks={**fine.clocks, "stage:publicity": ClockRule("", DROP), "minimum:publicity": ClockRule("", DROP)})  # fmt: skip
    with quick.database.reading() as session:
        assert any("最短公示时间" in fault for fault in plan_faults(quick.office, session, hasty))
        (found,) = dry_run(quick.office, session, hasty, quick.now)
    assert "公示还挂着" in found.reason
    assert quick.stage(cases["publicity"]) == "publicity"


def test_the_sheet_is_a_table(quick: District):
    load.caseload(quick, ("opinion", "second_publicity"))
    plan = load.plan(quick)
    with quick.database.reading() as session:
        lines = [
            line(found, ways_of(quick.office.catalogue, plan))
            for found in dry_run(quick.office, session, plan, quick.now)
        ]
    texts = {row[2]: row for row in lines}
    assert texts["拟批准公示"][4:6] == ("不能", plan.stay["second_publicity"])
    assert "终止（M57-22" in texts["初审"][6]
    assert "拟批准公示" in texts["初审"][10]


@pytest.mark.parametrize("text", [[], {}, {"definition": "dibao", "source": "a", "target": "b", "stages": {"x": 1}},
                                  {"definition": "dibao", "source": "a", "target": "b", "stages": {}, "clocks": {"x": {"how": 1}}},
                                  {"definition": "dibao", "source": "a", "target": "b", "stages": {}, "colour": "red"}])  # fmt: skip
def test_a_file_that_is_no_plan_is_refused(text):
    with pytest.raises(Refused):
        Plan.from_json(text)


def test_a_plan_survives_its_file(quick: District):
    plan = load.plan(quick)
    assert Plan.from_json(plan.as_json()) == plan


def test_an_overdue_limit_is_not_healed(quick: District):
    case = load.caseload(quick, ("county_review",))["county_review"]
    due = quick.deadline(case, "span:county").due_on
    quick.sweep()
    fine = load.plan(quick)
    fresh = load.plan(
        quick, clocks={**fine.clocks, "span:county": ClockRule("span:county", RESTART, "M57-20", "重新起算")}
    )
    load.carry_out(quick, load.signed(quick, fresh).id)
    row = quick.deadline(case, "span:county")
    assert (row.due_on, row.overdue) == (due, True)
    assert quick.broken() == {}
    assert {task.role for task in quick.rows(Task, case, state="open")} == {"county_reviewer"}


def test_a_case_that_came_from_a_stage_the_new_edition_does_not_have_can_still_be_read(quick: District):
    case = load.caseload(quick, ("second_posting",))["second_posting"]
    load.carry_out(quick, load.signed(quick).id)
    with quick.database.reading() as session:
        page = CasePage(
            quick.office, session, session.get_one(Case, case), quick.staff("county_reviewer"), quick.now
        )
        assert "second_posting" in {stage for stage, _since, _until in page.passages}
        assert page.steps[-2][1] == "now"
        assert page.workload
        assert page.pins["law"] == "NAT2021"
        past = as_at(session, quick.office.catalogue, session.get_one(Case, case), date(2021, 6, 30))
        assert (past.stage, past.last.edition) == ("second_posting", "NB2016")
