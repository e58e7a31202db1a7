"""The JSON Schemas of what the API answers. Every member is always there; what may be missing may be null."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
AREA: Schema = {"type": "string", "pattern": "^[0-9]{12}$"}
POST: Schema = {"type": "string", "pattern": "^([0-9]{12}|[0-9]{6}D[0-9]{5})$"}
"""Where a role works: an area, or a department of a county."""
MONTH: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"}
YUAN: Schema = {"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$"}
HASH: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
NUMBER: Schema = {"type": "string", "pattern": "^[A-Z]{1,6}-[0-9]{4}-[0-9]{6,}$"}


def ref(name: str) -> Schema:
    """A reference to one of these."""
    return {"$ref": f"#/components/schemas/{name}"}


def maybe(schema: Schema) -> Schema:
    """The schema, or null."""
    return schema | {"type": [schema["type"], "null"]}


def several(schema: Schema) -> Schema:
    """A list of such."""
    return {"type": "array", "items": schema}


def these(**members: Schema) -> Schema:
    """An object of exactly these members; a trailing underscore keeps a name from being a word of Python."""
    named = {name.removesuffix("_"): schema for name, schema in members.items()}
    return {
        "type": "object",
        "properties": named,
        "required": list(named),
        "additionalProperties": False,
    }


def page(name: str) -> Schema:
    """A page of a list; `next` is the cursor of the next page, null at the end."""
    return these(items=several(ref(name)), next=maybe(TEXT))


_CASE: dict[str, Schema] = {
    "number": NUMBER, "definition": TEXT, "edition": TEXT, "stage": TEXT, "version": WHOLE, "area": AREA,
    "subject": these(kind=TEXT, id=WHOLE), "deadlines": several(ref("Deadline")), "tasks": several(ref("Task")),
    "title": TEXT, "result": TEXT, "parent": maybe(TEXT), "opened_at": MOMENT, "accepted_on": maybe(DAY),
    "closed_at": maybe(MOMENT),
    "pins": these(law=TEXT, definition=maybe(TEXT), revision=maybe(WHOLE), forms=maybe(TEXT), software=TEXT),
}  # fmt: skip

_PERSON: dict[str, Schema] = {
    "id": WHOLE, "name": TEXT, "id_kind": {"enum": ["citizen", "passport", "residence_permit", "none"]},
    "id_number": {"type": "string", "description": "已遮盖"}, "id_note": TEXT, "birth": DAY, "sex": {"enum": ["M", "F"]},
    "hukou_area": TEXT, "died_on": maybe(DAY), "merged_into": maybe(WHOLE),
}  # fmt: skip

SCHEMAS: dict[str, Schema] = {
    "Authorisation": these(
        id=WHOLE, number=NUMBER, household_id=WHOLE, person_id=WHOLE, guardian_id=maybe(WHOLE), signed_on=DAY,
        valid_from=DAY, valid_to=maybe(DAY), scope=several(TEXT), purposes=TEXT, document_id=maybe(WHOLE),
        withdrawn_at=maybe(MOMENT), withdrawn_reason=TEXT,
    ),
    "AuthorisationList": these(items=several(ref("Authorisation"))),
    "Case": these(**_CASE, documents=several(ref("Document")), actions=several(ref("Action"))),
    "CaseInList": these(**_CASE),
    "Deadline": these(
        kind=TEXT, due=DAY, source=TEXT, state={"enum": ["open", "met", "late", "cancelled"]}, provisional=FLAG, label=TEXT,
        overdue=FLAG, due_at=maybe(MOMENT),
    ),
    "Task": these(
        id=WHOLE, case=NUMBER, definition=TEXT, stage=TEXT, part=TEXT, label=TEXT, role=TEXT, scope=POST, area=AREA,
        due=maybe(DAY), opens=maybe(DAY), assignee=maybe(these(id=WHOLE, name=TEXT)), state={"enum": ["open", "done", "cancelled"]},
    ),
    "Action": these(
        code=TEXT, label=TEXT,
        schema={
            "type": "object",
            "description": "请求内容的 JSON Schema；examples 里有一份对本案现在可用的内容；default 是建议先填好的内容；x-needs 列出还缺的材料",
        },
    ),
    "Entry": these(
        seq=WHOLE, at=MOMENT, actor=TEXT, action=TEXT, from_=TEXT, to=TEXT, hash=HASH, prev_hash=TEXT, says=TEXT, reason=TEXT,
        source=TEXT, origin=TEXT,
    ),
    "Document": these(
        id=WHOLE, case=NUMBER, kind=TEXT, name=TEXT, media_type=TEXT, size=WHOLE, sha256=HASH, uploaded_at=MOMENT,
    ),
    "Member": these(
        id=WHOLE, relation=TEXT, name=TEXT, id_number={"type": "string", "description": "已遮盖"}, birth=DAY,
        sex={"enum": ["M", "F"]},
    ),
    "Household": these(id=WHOLE, area=AREA, setting={"enum": ["urban", "rural"]}, address=TEXT, members=several(ref("Member"))),
    "Aid": {"oneOf": [ref("Entitlement"), ref("Payment"), ref("Grant")]},
    "Entitlement": these(
        kind={"const": "entitlement"}, id=WHOLE, case=NUMBER, household=WHOLE, programme=TEXT, area=AREA, from_=MONTH,
        to=maybe(MONTH), amount=YUAN, base=YUAN, supplement=YUAN,
    ),
    "Payment": these(
        kind={"const": "payment"}, id=WHOLE, case=NUMBER, household=WHOLE, programme=TEXT, area=AREA, person=WHOLE, month=MONTH,
        amount=YUAN, state={"enum": ["due", "paid", "failed", "cancelled"]}, paid_on=maybe(DAY),
    ),
    "Grant": these(
        kind={"const": "grant"}, id=WHOLE, case=NUMBER, household=WHOLE, programme=TEXT, area=AREA, person=WHOLE,
        department=TEXT, item=TEXT, amount=maybe(YUAN), service=TEXT, period=maybe(TEXT), decided_on=DAY, paid_on=maybe(DAY),
    ),
    "Definition": these(
        code=TEXT, title=TEXT, subject=TEXT, editions=several(TEXT), stages=several(TEXT), actions=several(TEXT),
        labels=these(
            stages={"type": "object", "additionalProperties": TEXT}, actions={"type": "object", "additionalProperties": TEXT},
        ),
        opened_by=several(TEXT),
    ),
    "CasePage": page("CaseInList"),
    "JournalPage": page("Entry"),
    "TaskPage": page("Task"),
    "Next": these(task=maybe(WHOLE), case=maybe(TEXT)),
    "HouseholdPage": page("Household"),
    "PersonList": these(items=several(ref("PersonInList"))),
    "PersonInList": these(**_PERSON),
    "Person": these(
        **_PERSON, merged_from=several(WHOLE),
        households=several(these(id=WHOLE, relation=TEXT, from_=DAY, to=maybe(DAY))),
        facts=several(these(
            kind=TEXT, source=TEXT, says=TEXT, certificate=TEXT, as_of=DAY, valid_from=maybe(DAY), valid_to=maybe(DAY),
            used=FLAG, differs=FLAG,
        )),
        kin=several(these(id=WHOLE, relation=TEXT, registered=FLAG)),
        merges=several(these(id=WHOLE, gone=WHOLE, evidence=TEXT, at=MOMENT, undone_at=maybe(MOMENT))),
        duplicates=these(
            found=several(these(id=WHOLE, name=TEXT, strength=TEXT, why=several(TEXT), birth=DAY, area=TEXT)),
            unchecked=several(these(method=TEXT, because=TEXT)),
        ),
    ),
    "LedgerPage": page("Aid"),
    "DefinitionPage": page("Definition"),
    "FieldError": these(field=TEXT, pointer=TEXT, detail=TEXT),
    "Problem": {
        "type": "object",
        "description": "RFC 9457",
        "properties": {
            "type": {"type": "string", "pattern": "^urn:jiuzhu:problem:[a-z-]+$"},
            "title": TEXT, "status": WHOLE, "detail": TEXT, "instance": TEXT,
            "errors": several(ref("FieldError")), "needs": several(TEXT), "parameter": TEXT, "key": TEXT, "version": WHOLE,
        },
        "required": ["type", "title", "status", "detail", "instance"],
        "additionalProperties": False,
    },
    "Status": these(status=TEXT),
    "BureauItem": these(kind=TEXT, value=TEXT, unit=TEXT, detail=TEXT),
    "BureauAnswer": these(
        key=TEXT,
        answer=these(
            outcome={"enum": ["data", "no_data", "unknown_person"]}, as_of=DAY, person=these(id_number=TEXT, name=TEXT),
            items=several(ref("BureauItem")),
        ),
    ),
}  # fmt: skip
