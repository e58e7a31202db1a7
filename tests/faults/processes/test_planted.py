"""The checker of the kill test sees what it is for: bugs planted in the real processes turn it red."""

from tests.faults.processes.load import Load
from tests.faults.processes.rig import Nursery, wait_until
from tests.faults.processes.scene import Scene
from tests.faults.processes.test_kills import Siege

KILLS = 4


def test_an_answer_before_the_commit_is_found_as_lost(home: Nursery, sqlite_url: str):
    scene = Scene.furnish(sqlite_url, late=0)
    siege = Siege(home, scene, plant="acknowledge_before_commit")
    with Load(scene, siege.ports, seed=1) as load:
        for _ in range(KILLS):
            load.moved_on(3)
            siege.kill("web", moment=0)
        load.moved_on(2)
    siege.settle()
    assert scene.acts_not_once(load.acts)
    assert any("kept None" in line for line in scene.keys_not_once(load.keys))
    scene.database.close()


def test_a_claim_committed_before_its_effect_is_found_as_lost(home: Nursery, sqlite_url: str):
    scene = Scene.furnish(sqlite_url, late=60)
    siege = Siege(home, scene, plant="claim_before_its_effect")
    for _ in range(KILLS):
        siege.kill("scheduler", moment=0)
    siege.settle()
    assert any("'overdue': 1" not in line or "'remind': 1" not in line for line in scene.effects_not_once())
    scene.database.close()


def test_a_request_done_again_under_the_same_key_is_found_as_doubled(home: Nursery, sqlite_url: str):
    scene = Scene.furnish(sqlite_url, late=0)
    siege = Siege(home, scene, plant="no_dedupe_key")
    with Load(scene, siege.ports, seed=1) as load:
        for _ in range(KILLS):
            load.moved_on(3)
            siege.kill("web", moment=0)
        load.moved_on(2)
    siege.settle()
    assert load.in_doubt
    assert any("acknowledged 0, in the journal 1" in line for line in scene.acts_not_once(load.acts))
    scene.database.close()


def test_what_came_due_while_nobody_was_there_and_is_dropped_is_found_as_lost(home: Nursery, sqlite_url: str):
    scene = Scene.furnish(sqlite_url, late=10)
    siege = Siege(home, scene, plant="misfire_dropped")
    siege.settle()
    assert len(scene.effects_not_once()) == len(scene.late)
    scene.database.close()


def test_an_error_caught_for_a_year_without_holidays_is_found_as_lost(home: Nursery, sqlite_url: str):
    scene = Scene.furnish(sqlite_url, late=10, published=False)
    siege = Siege(home, scene, plant="missing_year_caught")
    siege.settle()
    assert len(scene.effects_not_once()) == len(scene.late)
    scene.database.close()


def test_an_act_without_its_journal_entry_is_found(home: Nursery, sqlite_url: str):
    scene = Scene.furnish(sqlite_url, late=0)
    siege = Siege(home, scene, plant="entry_left_out")
    with Load(scene, siege.ports, seed=1):
        wait_until(lambda: "journal_whole" in scene.broken(), "an act to leave its entry out")
    siege.settle()
    assert {"journal_whole", "replay_gives_state"} <= scene.broken().keys()
    scene.database.close()
