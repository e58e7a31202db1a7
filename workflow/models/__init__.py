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
from workflow.models.changes import Absence, CountedApart, EventPlace, LifeEvent
from workflow.models.departments import Department, Handed, Liaison
from workflow.models.desk import (
    Batch,
    BatchItem,
    CarbonCopy,
    Leave,
    Mark,
    Nudge,
    Post,
    Question,
    Skip,
    Substitution,
)
from workflow.models.family import KinTie, NotSame, PersonFact, PersonMerge
from workflow.models.fieldwork import FieldPackage, FieldPaper, PhoneBox
from workflow.models.flow import Halt, OwedPapers, Signature
from workflow.models.grants import AidBill, AidGrant
from workflow.models.handout import HandOut
from workflow.models.people import Asset, Household, Income, Kinship, Membership, Person
from workflow.models.places import Area, CalendarDay, CalendarYear, EditionPeriod, Setting, Standard
from workflow.models.presence import FormPresence
from workflow.models.record import (
    CaseForm,
    Checkpoint,
    CheckpointHead,
    InboxMessage,
    JournalEntry,
    OutboxMessage,
    Tick,
)
from workflow.models.release import EditionOrder, Migration, MigrationCase, Release
from workflow.models.running import DeadlinePast, Incident
from workflow.models.sources import BureauFile, BureauFileQuery, BureauNonce, VerificationSource
from workflow.models.staff import (
    AccessLog,
    ApiToken,
    Attempt,
    IdempotencyKey,
    RoleAssignment,
    User,
    WebSession,
)
from workflow.models.standards import StandardEffect
from workflow.models.timing import LadderRow
from workflow.models.verification import Answer, Authorisation, CheckReport, Finding, Query

__all__ = [
    "Absence",
    "AccessLog",
    "AidBill",
    "AidGrant",
    "Answer",
    "ApiToken",
    "Area",
    "Asset",
    "Attempt",
    "Authorisation",
    "Base",
    "Batch",
    "BatchItem",
    "BureauFile",
    "BureauFileQuery",
    "BureauNonce",
    "CalendarDay",
    "CalendarYear",
    "CarbonCopy",
    "Case",
    "CaseCounter",
    "CaseForm",
    "CasePart",
    "CheckReport",
    "Checkpoint",
    "CheckpointHead",
    "CountedApart",
    "Deadline",
    "DeadlinePast",
    "Department",
    "Document",
    "DocumentContent",
    "Draw",
    "EditionOrder",
    "EditionPeriod",
    "Entitlement",
    "EventPlace",
    "Extension",
    "FieldPackage",
    "FieldPaper",
    "Finding",
    "FormDraft",
    "FormPresence",
    "Halt",
    "HandOut",
    "Handed",
    "Household",
    "IdempotencyKey",
    "InboxMessage",
    "Incident",
    "Income",
    "JournalEntry",
    "Json",
    "KinTie",
    "Kinship",
    "LadderRow",
    "Leave",
    "Liaison",
    "LifeEvent",
    "Mark",
    "Membership",
    "Migration",
    "MigrationCase",
    "Moment",
    "NotSame",
    "Notice",
    "Nudge",
    "OutboxMessage",
    "OwedPapers",
    "PaymentLine",
    "Person",
    "PersonFact",
    "PersonMerge",
    "PhoneBox",
    "Post",
    "Query",
    "Question",
    "Release",
    "RoleAssignment",
    "ScheduledAct",
    "Setting",
    "Signature",
    "Skip",
    "Standard",
    "StandardEffect",
    "Substitution",
    "Task",
    "Tick",
    "User",
    "VerificationSource",
    "WebSession",
    "Yuan",
    "canonical",
    "moment_text",
]  # fmt: skip
