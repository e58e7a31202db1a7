"""pm4py on our exports: the log read, the model read, the one replayed on the other by tokens."""

from pathlib import Path

import pm4py
from pm4py.algo.conformance.tokenreplay import algorithm
from pm4py.algo.evaluation.replay_fitness.variants import token_replay


def read_log(path: Path):
    """The events as pm4py reads them; the parser is named because the default only says that a faster one exists."""
    return pm4py.read_xes(str(path), variant="iterparse")


def read_model(path: Path):
    return pm4py.convert_to_petri_net(pm4py.read_bpmn(str(path)))


def finished(log, *, closed: bool):
    """The work that was finished or fell away, in the cases that are closed or in those that are not."""
    done = log[log["lifecycle:transition"].isin(["complete", "withdraw"])]
    return done[done["case:jiuzhu:closed"] == closed]


def replay(log, model) -> list[dict]:
    return algorithm.apply(log, *model, parameters={"show_progress_bar": False}) if len(log) else []


def fitness(replayed: list[dict]) -> float:
    return token_replay.evaluate(replayed)["log_fitness"]
