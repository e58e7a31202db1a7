"""Every answer is, word for word, the one on record."""

from __future__ import annotations

import json

import pytest

from tests.rules.recorded import FILE, answer_of, documents

RECORD = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
DOCUMENTS = {name: (rule, document) for name, rule, document in documents()}


def test_the_record_is_of_these_documents():
    assert list(RECORD) == list(DOCUMENTS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_theanswer_of_is_the_one_on_record(name):
    assert json.loads(json.dumps(answer_of(*DOCUMENTS[name]))) == RECORD[name], (
        "read the difference; `python -m tests.rules.recorded` records it"
    )
