"""Every table, by subject."""

from workflow.models.aid import Draw, Entitlement, Notice, PaymentLine
from workflow.models.base import Base, Json, Moment, Yuan, canonical, moment_text
from workflow.models.case import (
    Case,
    CaseCounter,
    CasePart,
    Deadline,
    Document,
    DocumentContent,
    Extension,
    FormDraft,
    ScheduledAct,
    Task,
)
from workflow.models.people import Asset, Household, Income, Kinship, Membership, Person
from workflow.models.places import Area, CalendarDay, CalendarYear, EditionPeriod, Setting, Standard
from workflow.models.record import (
    CaseForm,
    Checkpoint,
    CheckpointHead,
    InboxMessage,
    JournalEntry,
    OutboxMessage,
    Tick,
)
from workflow.models.staff import (
    AccessLog,
    ApiToken,
    Attempt,
    IdempotencyKey,
    RoleAssignment,
    User,
    WebSession,
)

__all__ = [
    "AccessLog", "ApiToken", "Area", "Asset", "Attempt", "Base", "CalendarDay", "CalendarYear", "Case",
    "CaseCounter", "CaseForm", "CasePart", "Checkpoint", "CheckpointHead", "Deadline", "Document",
    "DocumentContent", "Draw", "EditionPeriod", "Entitlement", "Extension", "FormDraft", "Household",
    "IdempotencyKey", "InboxMessage", "Income", "JournalEntry", "Json", "Kinship", "Membership", "Moment",
    "Notice", "OutboxMessage", "PaymentLine", "Person", "RoleAssignment", "ScheduledAct", "Setting", "Standard",
    "Task", "Tick", "User", "WebSession", "Yuan", "canonical", "moment_text",
]  # fmt: skip
