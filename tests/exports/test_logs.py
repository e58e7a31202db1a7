"""The journal as XES and OCEL: read by pm4py, fitting the exported model, naming nobody."""

import json
import re
import shutil
from xml.etree import ElementTree as ET

import pm4py
import pytest
from sqlalchemy import func, select, text

from definitions import CATALOGUE
from definitions.rehearsal.habits import HABITS
from tests.exports.replay import finished, fitness, read_log, read_model, replay
from workflow.db import Database
from workflow.errors import BadConfiguration
from workflow.eventlogs import Chosen, Pseudonyms, ocel, xes
from workflow.eventlogs.events import traces
from workflow.journal import verify
from workflow.models import Case, JournalEntry, Person, User
from workflow.pictures import bpmn

XES = "{http://www.xes-standard.org/}"
NAMES, ALL = Pseudonyms("a key"), Chosen()


def xes_of(database, chosen=ALL, names=NAMES):
    with database.reading() as session:
        return "".join(xes(traces(session, CATALOGUE, chosen, names)))


def ocel_of(database, chosen=ALL, names=NAMES):
    with database.reading() as session:
        return "".join(ocel(lambda: traces(session, CATALOGUE, chosen, names)))


def replayed(database, folder, chosen):
    """(of closed cases, of open ones) on the model of their definition and edition."""
    (folder / "log.xes").write_text(xes_of(database, chosen), "utf-8")
    (folder / "model.bpmn").write_text(bpmn(CATALOGUE.get(chosen.definition, chosen.edition)), "utf-8")
    log, model = read_log(folder / "log.xes"), read_model(folder / "model.bpmn")
    return [replay(finished(log, closed=closed), model) for closed in (True, False)]


def kinds(database):
    with database.reading() as session:
        return session.execute(select(Case.definition, Case.edition).distinct()).all()


def test_the_simulated_log_fits_the_exported_model_of_every_definition(districts, tmp_path):
    proved = set()
    for database in districts.values():
        for definition, edition in kinds(database):
            closed, still_open = replayed(database, tmp_path, Chosen(definition, edition))
            if closed:
                assert fitness(closed) == 1.0, (definition, edition)
                proved.add(CATALOGUE.get(definition, edition))
            assert not any(trace["transitions_with_problems"] for trace in still_open), (definition, edition)
    played = {place.partition(".")[0] for place in HABITS}
    assert proved == {blueprint for blueprint in CATALOGUE if blueprint.code in played}


def test_a_forged_event_lowers_the_fitness_and_the_journal_names_it(districts, tmp_path):
    shutil.copy(districts["NB2016"].url.removeprefix("sqlite:///"), tmp_path / "forged.db")
    database = Database(f"sqlite:///{tmp_path / 'forged.db'}")
    with database.acting() as conn:
        number, case_id, seq = conn.execute(
            select(Case.number, Case.id, JournalEntry.seq)
            .join(JournalEntry, JournalEntry.case_id == Case.id)
            .where(Case.definition == "dibao", Case.closed_at.is_not(None), JournalEntry.action == "start")
        ).first()
        assert verify(conn).ok
        for name in conn.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            conn.execute(text(f'DROP TRIGGER "{name}"'))
        conn.execute(
            text(
                "UPDATE journal_entry SET action = 'approve', from_stage = 'decision' WHERE case_id = :c AND seq = :s"
            ),
            {"c": case_id, "s": seq},
        )
        verdict = verify(conn)
    assert verdict.first_broken == f"{number} 第 {seq} 条：内容与哈希不符"
    closed, _open = replayed(database, tmp_path, Chosen("dibao", "NB2016"))
    assert fitness(closed) < 1.0
    assert sum(not trace["trace_is_fit"] for trace in closed) == 1


def test_the_xes_log_has_the_extensions_and_every_journal_entry(districts):
    database = districts["NB2016"]
    root = ET.fromstring(xes_of(database))
    assert {node.get("prefix") for node in root.iter(f"{XES}extension")} == {
        "concept", "lifecycle", "org", "time",
    }  # fmt: skip
    with database.reading() as session:
        assert len(root.findall(f"{XES}trace")) == session.scalar(select(func.count(Case.id)))
        entries = session.scalar(select(func.count()).select_from(JournalEntry))
    events = [{node.get("key"): node.get("value") for node in one} for one in root.iter(f"{XES}event")]
    assert sum(event["lifecycle:transition"] != "withdraw" for event in events) == entries
    assert {event["lifecycle:transition"] for event in events} <= {
        "start", "assign", "reassign", "complete", "withdraw", "ate_abort", "unknown",
    }  # fmt: skip
    assert all(event["start_timestamp"] <= event["time:timestamp"] for event in events)


def test_pm4py_reads_the_ocel_log_without_a_warning(districts, tmp_path):
    database = districts["NB2016"]
    (tmp_path / "log.json").write_text(ocel_of(database), "utf-8")
    log = pm4py.read_ocel2_json(str(tmp_path / "log.json"))
    with database.reading() as session:
        cases = session.scalar(select(func.count(Case.id)))
        entries = session.scalar(select(func.count()).select_from(JournalEntry))
    titles = {one.title for one in CATALOGUE}
    assert (log.events["lifecycle"] != "withdraw").sum() == entries
    assert log.objects["ocel:type"].isin(titles).sum() == cases
    assert set(log.o2o["ocel:qualifier"]) == {"subject", "opened by"}
    assert set(log.relations["ocel:qualifier"]) == {"case", "subject", "actor"}
    assert set(log.objects["ocel:type"]) - titles == {"staff", "household", "payment_list"}


@pytest.mark.parametrize("chosen", [ALL, Chosen("verification"), Chosen("escalation")])
def test_every_relation_of_the_ocel_log_leads_to_an_object(districts, chosen):
    log = json.loads(ocel_of(districts["NB2016"], chosen))
    known = {one["id"] for one in log["objects"]}
    assert len(known) == len(log["objects"])
    related = {r["objectId"] for one in (*log["objects"], *log["events"]) for r in one["relationships"]}
    assert related <= known
    declared = {one["name"] for one in log["eventTypes"]}
    assert {event["type"] for event in log["events"]} == declared


@pytest.mark.parametrize("written", [xes_of, ocel_of])
def test_no_export_names_a_person_a_number_or_a_case(districts, written):
    database = districts["NB2016"]
    found = written(database)
    with database.reading() as session:
        secrets = [
            *session.scalars(select(Person.name)), *session.scalars(select(Person.id_number)),
            *session.scalars(select(User.name)), *session.scalars(select(User.login)),
            *session.scalars(select(Case.number)),
        ]  # fmt: skip
    assert len(secrets) > 50
    assert [
        word for word in secrets if word and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", found)
    ] == []


def test_pseudonyms_are_stable_differ_by_kind_and_hang_on_the_key():
    assert NAMES.of("case", "DB-1") == Pseudonyms("a key").of("case", "DB-1")
    assert len({NAMES.of("case", 1), NAMES.of("staff", 1), Pseudonyms("b").of("case", 1)}) == 3
    assert Pseudonyms("", plain=True).of("staff", 1, "王芳") == "王芳"
    with pytest.raises(BadConfiguration, match="SECRET_KEY"):
        Pseudonyms("")


def test_a_case_of_the_log_can_be_named_where_that_is_asked_for(districts):
    database = districts["NB2016"]
    found = xes_of(database, Chosen("dibao"), Pseudonyms("", plain=True))
    with database.reading() as session:
        numbers = session.scalars(select(Case.number).where(Case.definition == "dibao")).all()
    assert all(f'"{number}"' in found for number in numbers)


def test_cases_are_chosen_by_edition_area_and_period(districts):
    database = districts["NB2016"]
    with database.reading() as session:
        one = session.scalars(select(Case).where(Case.definition == "dibao")).first()
        day = one.opened_at.date()

        def ids(**wanted):
            return {t.id for t in traces(session, CATALOGUE, Chosen(**wanted), Pseudonyms("", plain=True))}

        assert one.number in ids(areas=(one.area_code,), first=day, last=day)
        assert one.number not in ids(first=day.replace(year=day.year + 5))
        assert one.number not in ids(definition="payment")
        assert ids(areas=("110101001001",)) == set()
        assert ids(edition="NAT2021") == set()
