"""Documents: attach a paper or photograph to a case."""

from __future__ import annotations

from typing import cast

from definitions.shared.materials import MATERIALS
from web.api import represent
from web.api.cases import visible
from web.api.routes import Answer, Call, operation
from workflow.documents import add_document
from workflow.errors import NotNow, NotPermitted
from workflow.facts import CaseState, Facts
from workflow.forms import Choice, Form, Text
from workflow.households.form import Asked
from workflow.policy import has_role


class NewDocument(Form):
    """To which case a file belongs and what it is."""

    case = Text("案件编号")
    kind = Choice("材料种类", MATERIALS)


@operation("POST", "/documents", "上传材料", "Document", status=201, form=NewDocument, file="file")
def create_document(call: Call) -> Answer:
    """Attach a file (JPG, PNG or PDF, at most 10 MB) to an open case. Whoever has an action at its stage may."""
    form = NewDocument.clean(call.body, cast("Facts", Asked(call.session, call.actor, call.now)))
    case = visible(call, form["case"])
    if case.closed_at is not None:
        raise NotNow("案件已经办结，不能再上传材料。")
    blueprint = call.edge.office.catalogue.of(case)
    words = [word for word in blueprint.actions.values() if case.stage in word.moves]
    if not any(has_role(word, cast("CaseState", case), call.actor, "") for word in words):
        raise NotPermitted(
            f"案件在“{blueprint.stages[case.stage].label}”，您没有这个环节的岗位，不能上传材料。"
        )
    name, content = call.file
    added = add_document(
        call.session, case, kind=form["kind"], name=name, body=content, actor=call.actor, now=call.now
    )
    return Answer(represent.document(added, case.number), 201)
