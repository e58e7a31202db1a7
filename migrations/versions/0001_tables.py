"""All tables, and the triggers that keep the journal append-only."""

import sqlalchemy as sa
from alembic import op

from migrations import append_only

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("parent_code", sa.String(length=12), nullable=True),
        sa.Column("setting", sa.String(length=10), nullable=False),
        sa.Column("office", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.CheckConstraint("level in ('county','town','village')", name=op.f("ck_area_level")),
        sa.ForeignKeyConstraint(["parent_code"], ["area.code"], name=op.f("fk_area_parent_code_area")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_area")),
    )
    op.create_index(op.f("ix_area_parent_code"), "area", ["parent_code"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("window", sa.String(length=20), nullable=False),
        sa.Column("count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("key", "window", name=op.f("pk_attempt")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.CheckConstraint("kind in ('work','rest')", name=op.f("ck_calendar_day_kind")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "calendar_year",
        sa.Column(
            "year", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_year")),
    )
    op.create_table(
        "case_counter",
        sa.Column("prefix", sa.String(length=10), nullable=False),
        sa.Column("year", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", name=op.f("pk_case_counter")),
    )
    op.create_table(
        "checkpoint",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cases", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entries", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("heads_digest", sa.String(length=64), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "deadline_past",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deadline_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("visit", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.String(length=20), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("minimum", sa.Boolean(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_past")),
    )
    op.create_index("ix_deadline_past_case", "deadline_past", ["case_id", "deadline_id", "id"], unique=False)
    op.create_table(
        "document_content",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_document_content")),
    )
    op.create_table(
        "edition_period",
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("edition", sa.String(length=30), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("from_date", name=op.f("pk_edition_period")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id_number", sa.String(length=18), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("pinyin", sa.String(length=200), nullable=False),
        sa.Column("initials", sa.String(length=30), nullable=False),
        sa.Column("id_tail", sa.String(length=4), nullable=False),
        sa.Column("birth", sa.Date(), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("hukou_area", sa.String(length=12), nullable=False),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.Column("labour", sa.String(length=10), nullable=False),
        sa.Column("occupation", sa.String(length=60), nullable=False),
        sa.Column("student", sa.Boolean(), nullable=False),
        sa.Column("disability_kind", sa.String(length=20), nullable=False),
        sa.Column("disability_grade", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("serious_illness", sa.Boolean(), nullable=False),
        sa.Column("bank_account", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("id_number", name=op.f("uq_person_id_number")),
    )
    op.create_index(op.f("ix_person_id_tail"), "person", ["id_tail"], unique=False)
    op.create_index(op.f("ix_person_initials"), "person", ["initials"], unique=False)
    op.create_index(
        "ix_person_name", "person", ["name"], unique=False, postgresql_ops={"name": "text_pattern_ops"}
    )
    op.create_index(
        "ix_person_pinyin", "person", ["pinyin"], unique=False, postgresql_ops={"pinyin": "text_pattern_ops"}
    )
    op.create_table(
        "post",
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("holders", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("role", "scope", name=op.f("pk_post")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("reset_hash", sa.String(length=64), nullable=False),
        sa.Column("reset_until", sa.String(length=20), nullable=True),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("capacity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("appointed", sa.Boolean(), nullable=True),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("digest_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.Column("disabled_at", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_index(op.f("ix_staff_reset_hash"), "staff", ["reset_hash"], unique=False)
    op.create_table(
        "tick",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("milliseconds", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("done", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("failed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tick")),
    )
    op.create_table(
        "access_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_access_log_user_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    op.create_index(op.f("ix_access_log_at"), "access_log", ["at"], unique=False)
    op.create_index(op.f("ix_access_log_case_id"), "access_log", ["case_id"], unique=False)
    op.create_index(op.f("ix_access_log_household_id"), "access_log", ["household_id"], unique=False)
    op.create_index(op.f("ix_access_log_user_id"), "access_log", ["user_id"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.Column("revoked_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_api_token_user_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index(op.f("ix_api_token_user_id"), "api_token", ["user_id"], unique=False)
    op.create_table(
        "batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_batch_made_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_index(op.f("ix_batch_made_by"), "batch", ["made_by"], unique=False)
    op.create_table(
        "edition_order",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("edition", sa.String(length=30), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("effects", sa.Text(), nullable=False),
        sa.Column("written_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("written_name", sa.String(length=60), nullable=False),
        sa.Column("written_at", sa.String(length=20), nullable=False),
        sa.Column("signed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signed_name", sa.String(length=60), nullable=False),
        sa.Column("signed_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["signed_by"], ["staff.id"], name=op.f("fk_edition_order_signed_by_staff")),
        sa.ForeignKeyConstraint(["written_by"], ["staff.id"], name=op.f("fk_edition_order_written_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_order")),
    )
    op.create_table(
        "form_draft",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.String(length=20), nullable=False),
        sa.Column("typed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("typed_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["typed_by"], ["staff.id"], name=op.f("fk_form_draft_typed_by_staff")),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_form_draft_user_id_staff")),
        sa.PrimaryKeyConstraint("user_id", "place", name=op.f("pk_form_draft")),
    )
    op.create_index(op.f("ix_form_draft_place"), "form_draft", ["place"], unique=False)
    op.create_table(
        "household",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("setting", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_household_area_code_area")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
    )
    op.create_index(op.f("ix_household_area_code"), "household", ["area_code"], unique=False)
    op.create_table(
        "idempotency_key",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_idempotency_key_user_id_staff")),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_index(op.f("ix_idempotency_key_at"), "idempotency_key", ["at"], unique=False)
    op.create_table(
        "kinship",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kinship_person_id_person")),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_kinship_user_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kinship")),
    )
    op.create_index(op.f("ix_kinship_person_id"), "kinship", ["person_id"], unique=False)
    op.create_index(op.f("ix_kinship_user_id"), "kinship", ["user_id"], unique=False)
    op.create_table(
        "ladder",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("definition", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.String(length=30), nullable=False),
        sa.Column("limit", sa.String(length=60), nullable=False),
        sa.Column("rungs", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_ladder_made_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder")),
    )
    op.create_table(
        "leave",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.String(length=20), nullable=False),
        sa.Column("cancelled_at", sa.String(length=20), nullable=True),
        sa.CheckConstraint("to_date >= from_date", name=op.f("ck_leave_dates")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_leave_made_by_staff")),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_leave_user_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
    )
    op.create_index("ix_leave_user", "leave", ["user_id", "to_date"], unique=False)
    op.create_table(
        "migration",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("definition", sa.String(length=40), nullable=False),
        sa.Column("source_edition", sa.String(length=30), nullable=False),
        sa.Column("target_edition", sa.String(length=30), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("effects", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("undoes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("undoes_batch", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("finished_at", sa.String(length=20), nullable=True),
        sa.Column("written_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("written_name", sa.String(length=60), nullable=False),
        sa.Column("written_at", sa.String(length=20), nullable=False),
        sa.Column("signed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signed_name", sa.String(length=60), nullable=False),
        sa.Column("signed_at", sa.String(length=20), nullable=True),
        sa.CheckConstraint("state in ('draft','signed','running','done')", name=op.f("ck_migration_state")),
        sa.ForeignKeyConstraint(["signed_by"], ["staff.id"], name=op.f("fk_migration_signed_by_staff")),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["migration.id"], name=op.f("fk_migration_undoes_id_migration")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["staff.id"], name=op.f("fk_migration_written_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration")),
    )
    op.create_table(
        "release",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("definition", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.String(length=30), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("forms", sa.String(length=64), nullable=False),
        sa.Column("letters", sa.String(length=64), nullable=False),
        sa.Column("numbers", sa.String(length=64), nullable=False),
        sa.Column("software", sa.String(length=20), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("effects", sa.Text(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("written_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("written_name", sa.String(length=60), nullable=False),
        sa.Column("written_at", sa.String(length=20), nullable=False),
        sa.Column("signed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signed_name", sa.String(length=60), nullable=False),
        sa.Column("signed_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["signed_by"], ["staff.id"], name=op.f("fk_release_signed_by_staff")),
        sa.ForeignKeyConstraint(["written_by"], ["staff.id"], name=op.f("fk_release_written_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint(
            "definition", "edition", "revision", name=op.f("uq_release_definition_edition_revision")
        ),
    )
    op.create_table(
        "role_assignment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.CheckConstraint("to_date IS NULL OR to_date >= from_date", name=op.f("ck_role_assignment_dates")),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_role_assignment_area_code_area")),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_role_assignment_user_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignment")),
        sa.UniqueConstraint(
            "user_id",
            "role",
            "area_code",
            "from_date",
            name=op.f("uq_role_assignment_user_id_role_area_code_from_date"),
        ),
    )
    op.create_index("ix_role_assignment_role_area", "role_assignment", ["role", "area_code"], unique=False)
    op.create_table(
        "standard",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("setting", sa.String(length=10), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_standard_area_code_area")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard")),
        sa.UniqueConstraint(
            "kind",
            "setting",
            "area_code",
            "from_date",
            name=op.f("uq_standard_kind_setting_area_code_from_date"),
        ),
    )
    op.create_table(
        "substitution",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("principal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stand_in_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("definition", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.String(length=20), nullable=False),
        sa.Column("revoked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("revoked_at", sa.String(length=20), nullable=True),
        sa.Column("revoked_why", sa.Text(), nullable=False),
        sa.CheckConstraint("principal_id <> stand_in_id", name=op.f("ck_substitution_two")),
        sa.CheckConstraint("to_date >= from_date", name=op.f("ck_substitution_dates")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_substitution_made_by_staff")),
        sa.ForeignKeyConstraint(
            ["principal_id"], ["staff.id"], name=op.f("fk_substitution_principal_id_staff")
        ),
        sa.ForeignKeyConstraint(["revoked_by"], ["staff.id"], name=op.f("fk_substitution_revoked_by_staff")),
        sa.ForeignKeyConstraint(
            ["stand_in_id"], ["staff.id"], name=op.f("fk_substitution_stand_in_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")),
    )
    op.create_index("ix_substitution_principal", "substitution", ["principal_id", "to_date"], unique=False)
    op.create_index("ix_substitution_stand_in", "substitution", ["stand_in_id", "to_date"], unique=False)
    op.create_table(
        "web_session",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.Column("seen_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_web_session_user_id_staff")),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_web_session")),
    )
    op.create_index(op.f("ix_web_session_user_id"), "web_session", ["user_id"], unique=False)
    op.create_table(
        "asset",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_asset_household_id_household")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
    )
    op.create_index(op.f("ix_asset_household_id"), "asset", ["household_id"], unique=False)
    op.create_table(
        "batch_item",
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting','done','skipped','failed')", name=op.f("ck_batch_item_state")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_item_batch_id_batch")),
        sa.ForeignKeyConstraint(["to_id"], ["staff.id"], name=op.f("fk_batch_item_to_id_staff")),
        sa.PrimaryKeyConstraint("batch_id", "task_id", name=op.f("pk_batch_item")),
    )
    op.create_table(
        "case",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("definition", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.String(length=30), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("visit", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("hands", sa.Text(), nullable=False),
        sa.Column("barred", sa.Text(), nullable=False),
        sa.Column("clocks", sa.Text(), nullable=False),
        sa.Column("progress_code", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.String(length=20), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.String(length=20), nullable=True),
        sa.Column("result", sa.String(length=30), nullable=False),
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("software", sa.String(length=20), nullable=False),
        sa.Column("halt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_case_area_code_area")),
        sa.ForeignKeyConstraint(["parent_id"], ["case.id"], name=op.f("fk_case_parent_id_case")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_case_release_id_release")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("number", name=op.f("uq_case_number")),
    )
    op.create_index("ix_case_area", "case", ["area_code", "id"], unique=False)
    op.create_index(
        "ix_case_definition_stage_area", "case", ["definition", "stage", "area_code"], unique=False
    )
    op.create_index("ix_case_opened", "case", ["definition", "opened_at"], unique=False)
    op.create_index(op.f("ix_case_parent_id"), "case", ["parent_id"], unique=False)
    op.create_index("ix_case_stage", "case", ["stage", "id"], unique=False)
    op.create_index("ix_case_subject", "case", ["subject_kind", "subject_id", "definition"], unique=False)
    op.create_table(
        "income",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("annual", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("new_employment", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_income_household_id_household")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_income_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_income")),
    )
    op.create_index(op.f("ix_income_household_id"), "income", ["household_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("share_forfeited", sa.Boolean(), nullable=False),
        sa.CheckConstraint("to_date IS NULL OR to_date >= from_date", name=op.f("ck_membership_dates")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_membership_household_id_household")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index(op.f("ix_membership_household_id"), "membership", ["household_id"], unique=False)
    op.create_index(op.f("ix_membership_person_id"), "membership", ["person_id"], unique=False)
    op.create_index(
        "uq_membership_head",
        "membership",
        ["household_id"],
        unique=True,
        sqlite_where=sa.text("to_date IS NULL AND relation = 'head'"),
        postgresql_where=sa.text("to_date IS NULL AND relation = 'head'"),
    )
    op.create_index(
        "uq_membership_open",
        "membership",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("to_date IS NULL"),
        postgresql_where=sa.text("to_date IS NULL"),
    )
    op.create_table(
        "carbon_copy",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.String(length=20), nullable=False),
        sa.Column("read_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_carbon_copy_case_id_case")),
        sa.ForeignKeyConstraint(["from_id"], ["staff.id"], name=op.f("fk_carbon_copy_from_id_staff")),
        sa.ForeignKeyConstraint(["to_id"], ["staff.id"], name=op.f("fk_carbon_copy_to_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carbon_copy")),
    )
    op.create_index(op.f("ix_carbon_copy_case_id"), "carbon_copy", ["case_id"], unique=False)
    op.create_index("ix_carbon_copy_reader", "carbon_copy", ["to_id", "read_at", "id"], unique=False)
    op.create_table(
        "case_form",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_form_case_id_case")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_case_form")),
    )
    op.create_table(
        "case_part",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("visit", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.String(length=20), nullable=False),
        sa.Column("done_at", sa.String(length=20), nullable=True),
        sa.CheckConstraint("state in ('open','done','cancelled')", name=op.f("ck_case_part_state")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_part_case_id_case")),
        sa.PrimaryKeyConstraint("case_id", "visit", "code", name=op.f("pk_case_part")),
    )
    op.create_table(
        "checkpoint_head",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_checkpoint_head_case_id_case")),
        sa.ForeignKeyConstraint(["day"], ["checkpoint.day"], name=op.f("fk_checkpoint_head_day_checkpoint")),
        sa.PrimaryKeyConstraint("day", "case_id", name=op.f("pk_checkpoint_head")),
    )
    op.create_index("ix_checkpoint_head_case", "checkpoint_head", ["case_id", "seq"], unique=False)
    op.create_table(
        "deadline",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("visit", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("started_at", sa.String(length=20), nullable=True),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.String(length=20), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("minimum", sa.Boolean(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("ladder", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("rung", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("next_at", sa.String(length=20), nullable=True),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("extended_from", sa.Date(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.CheckConstraint("state in ('open','met','late','cancelled')", name=op.f("ck_deadline_state")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_deadline_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sa.UniqueConstraint("case_id", "kind", "visit", name=op.f("uq_deadline_case_id_kind_visit")),
    )
    op.create_index(
        "ix_deadline_next",
        "deadline",
        ["next_at", "id"],
        unique=False,
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index(
        "ix_deadline_open_due",
        "deadline",
        ["due_on", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("uploaded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uploaded_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_document_case_id_case")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_document_person_id_person")),
        sa.ForeignKeyConstraint(
            ["sha256"], ["document_content.sha256"], name=op.f("fk_document_sha256_document_content")
        ),
        sa.ForeignKeyConstraint(["uploaded_by"], ["staff.id"], name=op.f("fk_document_uploaded_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_case_id"), "document", ["case_id"], unique=False)
    op.create_table(
        "draw",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("forced", sa.String(length=200), nullable=False),
        sa.Column("picked", sa.Boolean(), nullable=False),
        sa.Column("seed", sa.String(length=80), nullable=False),
        sa.Column("drawn_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_draw_case_id_case")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_draw")),
        sa.UniqueConstraint("area_code", "month", "place", name=op.f("uq_draw_area_code_month_place")),
    )
    op.create_table(
        "entitlement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("from_month", sa.String(length=7), nullable=False),
        sa.Column("to_month", sa.String(length=7), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("base", sa.BigInteger(), nullable=False),
        sa.Column("supplement", sa.BigInteger(), nullable=False),
        sa.Column("shares", sa.Text(), nullable=False),
        sa.Column("derivation", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_entitlement_amount")),
        sa.CheckConstraint("to_month IS NULL OR to_month >= from_month", name=op.f("ck_entitlement_months")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_entitlement_case_id_case")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_entitlement_household_id_household")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entitlement")),
        sa.UniqueConstraint("case_id", "from_month", name=op.f("uq_entitlement_case_id_from_month")),
    )
    op.create_index(op.f("ix_entitlement_area_code"), "entitlement", ["area_code"], unique=False)
    op.create_index(op.f("ix_entitlement_case_id"), "entitlement", ["case_id"], unique=False)
    op.create_index(op.f("ix_entitlement_household_id"), "entitlement", ["household_id"], unique=False)
    op.create_index(
        "ix_entitlement_months", "entitlement", ["programme", "from_month", "to_month"], unique=False
    )
    op.create_table(
        "form_presence",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("seen_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_form_presence_case_id_case")),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_form_presence_user_id_staff")),
        sa.PrimaryKeyConstraint("case_id", "user_id", "action", name=op.f("pk_form_presence")),
    )
    op.create_table(
        "halt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("definition", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("acts", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.String(length=20), nullable=False),
        sa.Column("confirmed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("confirmed_at", sa.String(length=20), nullable=True),
        sa.Column("ended_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ended_at", sa.String(length=20), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=False),
        sa.CheckConstraint("kind in ('suspend','revoke')", name=op.f("ck_halt_kind")),
        sa.CheckConstraint("state in ('asked','declined','on','ended','done')", name=op.f("ck_halt_state")),
        sa.CheckConstraint(
            "confirmed_by is null or confirmed_by <> asked_by", name=op.f("ck_halt_two_people")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_halt_asked_by_staff")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_halt_case_id_case")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["staff.id"], name=op.f("fk_halt_confirmed_by_staff")),
        sa.ForeignKeyConstraint(["ended_by"], ["staff.id"], name=op.f("fk_halt_ended_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_halt")),
    )
    op.create_index("ix_halt_case", "halt", ["case_id", "state"], unique=False)
    op.create_index(
        "uq_halt_definition",
        "halt",
        ["definition"],
        unique=True,
        sqlite_where=sa.text("state in ('asked', 'on') AND case_id IS NULL"),
        postgresql_where=sa.text("state in ('asked', 'on') AND case_id IS NULL"),
    )
    op.create_index(
        "uq_halt_pending",
        "halt",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("state in ('asked', 'on')"),
        postgresql_where=sa.text("state in ('asked', 'on')"),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("ref", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("payload", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_at", sa.String(length=20), nullable=False),
        sa.Column("last_at", sa.String(length=20), nullable=False),
        sa.Column("next_at", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("settled_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("settled_at", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("state in ('retrying','open','done','skipped')", name=op.f("ck_incident_state")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_incident_case_id_case")),
        sa.ForeignKeyConstraint(["holder_id"], ["staff.id"], name=op.f("fk_incident_holder_id_staff")),
        sa.ForeignKeyConstraint(["settled_by"], ["staff.id"], name=op.f("fk_incident_settled_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_case_id"), "incident", ["case_id"], unique=False)
    op.create_index("ix_incident_state", "incident", ["state", "id"], unique=False)
    op.create_index(
        "uq_incident_pending",
        "incident",
        ["kind", "ref"],
        unique=True,
        sqlite_where=sa.text("state in ('retrying', 'open')"),
        postgresql_where=sa.text("state in ('retrying', 'open')"),
    )
    op.create_table(
        "journal_entry",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("from_stage", sa.String(length=40), nullable=False),
        sa.Column("to_stage", sa.String(length=40), nullable=False),
        sa.Column("visit", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("edition", sa.String(length=30), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=60), nullable=False),
        sa.Column("form_digest", sa.String(length=64), nullable=False),
        sa.Column("state_digest", sa.String(length=64), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["staff.id"], name=op.f("fk_journal_entry_actor_id_staff")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_journal_entry_case_id_case")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_journal_entry")),
    )
    op.create_table(
        "migration_case",
        sa.Column("migration_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting','done','skipped','failed')", name=op.f("ck_migration_case_state")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_migration_case_case_id_case")),
        sa.ForeignKeyConstraint(
            ["migration_id"], ["migration.id"], name=op.f("fk_migration_case_migration_id_migration")
        ),
        sa.PrimaryKeyConstraint("migration_id", "case_id", name=op.f("pk_migration_case")),
    )
    op.create_index(
        "ix_migration_case_state", "migration_case", ["migration_id", "state", "case_id"], unique=False
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("visit", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("taken_down_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_notice_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_area_code"), "notice", ["area_code"], unique=False)
    op.create_index(op.f("ix_notice_case_id"), "notice", ["case_id"], unique=False)
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_outbox_message_case_id_case")),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_outbox_message_user_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_message_key")),
    )
    op.create_index("ix_outbox_message_state", "outbox_message", ["state", "id"], unique=False)
    op.create_table(
        "owed_papers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("settled_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_owed_papers_case_id_case")),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_owed_papers_user_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owed_papers")),
    )
    op.create_index(
        "ix_owed_papers_case",
        "owed_papers",
        ["case_id"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "payment_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("list_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("failure", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "state in ('due','paid','failed','cancelled')", name=op.f("ck_payment_line_state")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_line_amount")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_payment_line_case_id_case")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_payment_line_household_id_household")
        ),
        sa.ForeignKeyConstraint(["list_id"], ["case.id"], name=op.f("fk_payment_line_list_id_case")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_payment_line_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_line")),
        sa.UniqueConstraint(
            "programme", "person_id", "month", name=op.f("uq_payment_line_programme_person_id_month")
        ),
    )
    op.create_index(op.f("ix_payment_line_case_id"), "payment_line", ["case_id"], unique=False)
    op.create_index(op.f("ix_payment_line_household_id"), "payment_line", ["household_id"], unique=False)
    op.create_index("ix_payment_line_list", "payment_line", ["list_id", "state"], unique=False)
    op.create_index(op.f("ix_payment_line_month"), "payment_line", ["month"], unique=False)
    op.create_table(
        "question",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_question_case_id_case")),
        sa.ForeignKeyConstraint(["from_id"], ["staff.id"], name=op.f("fk_question_from_id_staff")),
        sa.ForeignKeyConstraint(["to_id"], ["staff.id"], name=op.f("fk_question_to_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index(op.f("ix_question_case_id"), "question", ["case_id"], unique=False)
    op.create_index(op.f("ix_question_from_id"), "question", ["from_id"], unique=False)
    op.create_index("ix_question_to", "question", ["to_id", "answered_at", "id"], unique=False)
    op.create_table(
        "scheduled_act",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "state in ('planned','deferred','done','cancelled')", name=op.f("ck_scheduled_act_state")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_scheduled_act_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_act")),
        sa.UniqueConstraint(
            "case_id", "action", "on_date", name=op.f("uq_scheduled_act_case_id_action_on_date")
        ),
    )
    op.create_index("ix_scheduled_act_due", "scheduled_act", ["state", "on_date", "id"], unique=False)
    op.create_table(
        "signature",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("visit", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("turn", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("weight", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_at", sa.String(length=20), nullable=False),
        sa.Column("signed_at", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting','agreed','disagreed','dropped')", name=op.f("ck_signature_state")
        ),
        sa.CheckConstraint("weight > 0", name=op.f("ck_signature_weight")),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_signature_asked_by_staff")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_signature_case_id_case")),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_signature_user_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint(
            "case_id", "visit", "part", "user_id", name=op.f("uq_signature_case_id_visit_part_user_id")
        ),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("visit", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("definition", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("assignee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("stranded", sa.Boolean(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("opened_at", sa.String(length=20), nullable=False),
        sa.Column("taken_at", sa.String(length=20), nullable=True),
        sa.Column("seen_at", sa.String(length=20), nullable=True),
        sa.Column("seen_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("closed_at", sa.String(length=20), nullable=True),
        sa.Column("closed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("state in ('open','done','cancelled')", name=op.f("ck_task_state")),
        sa.ForeignKeyConstraint(["assignee_id"], ["staff.id"], name=op.f("fk_task_assignee_id_staff")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_task_case_id_case")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_task_owner_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(
        "ix_task_area",
        "task",
        ["area_code", "role", "assignee_id", "due_on", "id", "opens_on"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_task_assignee",
        "task",
        ["assignee_id"],
        unique=False,
        sqlite_where=sa.text("state = 'open' AND assignee_id IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND assignee_id IS NOT NULL"),
    )
    op.create_index("ix_task_case", "task", ["case_id", "state"], unique=False)
    op.create_index(
        "ix_task_stranded",
        "task",
        ["due_on"],
        unique=False,
        sqlite_where=sa.text("state = 'open' AND stranded"),
        postgresql_where=sa.text("state = 'open' AND stranded"),
    )
    op.create_index(
        "ix_task_unlooked",
        "task",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'open' AND stranded IS NULL"),
        postgresql_where=sa.text("state = 'open' AND stranded IS NULL"),
    )
    op.create_index(
        "ix_task_waiting",
        "task",
        ["role", "scope", "opens_on", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open' AND opens_on IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND opens_on IS NOT NULL"),
    )
    op.create_index(
        "ix_task_worklist",
        "task",
        ["role", "scope", "assignee_id", "due_on", "id", "opens_on", "state"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_task_open",
        "task",
        ["case_id", "part"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "extension",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deadline_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.String(length=20), nullable=False),
        sa.Column("confirmed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("confirmed_at", sa.String(length=20), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_extension_asked_by_staff")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_extension_case_id_case")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["staff.id"], name=op.f("fk_extension_confirmed_by_staff")),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadline.id"], name=op.f("fk_extension_deadline_id_deadline")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
        sa.UniqueConstraint("deadline_id", name=op.f("uq_extension_deadline_id")),
    )
    op.create_index(op.f("ix_extension_case_id"), "extension", ["case_id"], unique=False)
    op.create_table(
        "inbox_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("outbox_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.Column("read_at", sa.String(length=20), nullable=True),
        sa.Column("mail_state", sa.String(length=10), nullable=False),
        sa.Column("mail_tries", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mail_next_at", sa.String(length=20), nullable=True),
        sa.Column("mail_with", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("mail_error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_inbox_message_case_id_case")),
        sa.ForeignKeyConstraint(
            ["mail_with"], ["inbox_message.id"], name=op.f("fk_inbox_message_mail_with_inbox_message")
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox_message.id"], name=op.f("fk_inbox_message_outbox_id_outbox_message")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_inbox_message_user_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_message")),
        sa.UniqueConstraint("outbox_id", "user_id", name=op.f("uq_inbox_message_outbox_id_user_id")),
    )
    op.create_index("ix_inbox_message_mail", "inbox_message", ["mail_state", "mail_next_at"], unique=False)
    op.create_index(op.f("ix_inbox_message_mail_with"), "inbox_message", ["mail_with"], unique=False)
    op.create_index("ix_inbox_message_user", "inbox_message", ["user_id", "read_at", "id"], unique=False)
    op.create_table(
        "mark",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words", sa.String(length=100), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_mark_task_id_task")),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_mark_user_id_staff")),
        sa.PrimaryKeyConstraint("user_id", "task_id", name=op.f("pk_mark")),
    )
    op.create_table(
        "nudge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_nudge_by_id_staff")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_nudge_case_id_case")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_nudge_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge")),
        sa.UniqueConstraint("task_id", "day", name=op.f("uq_nudge_task_id_day")),
    )
    op.create_index(op.f("ix_nudge_case_id"), "nudge", ["case_id"], unique=False)
    op.create_index("ix_nudge_day", "nudge", ["day"], unique=False)
    op.create_table(
        "skip",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_skip_task_id_task")),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_skip_user_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skip")),
    )
    op.create_index("ix_skip_day", "skip", ["day"], unique=False)
    op.create_index(op.f("ix_skip_task_id"), "skip", ["task_id"], unique=False)
    op.create_index("ix_skip_user", "skip", ["user_id", "day", "task_id"], unique=False)
    append_only.install(op.get_bind())


def downgrade() -> None:
    append_only.remove(op.get_bind())
    op.drop_index("ix_skip_user", table_name="skip")
    op.drop_index(op.f("ix_skip_task_id"), table_name="skip")
    op.drop_index("ix_skip_day", table_name="skip")
    op.drop_table("skip")
    op.drop_index("ix_nudge_day", table_name="nudge")
    op.drop_index(op.f("ix_nudge_case_id"), table_name="nudge")
    op.drop_table("nudge")
    op.drop_table("mark")
    op.drop_index("ix_inbox_message_user", table_name="inbox_message")
    op.drop_index(op.f("ix_inbox_message_mail_with"), table_name="inbox_message")
    op.drop_index("ix_inbox_message_mail", table_name="inbox_message")
    op.drop_table("inbox_message")
    op.drop_index(op.f("ix_extension_case_id"), table_name="extension")
    op.drop_table("extension")
    op.drop_index(
        "uq_task_open",
        table_name="task",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(
        "ix_task_worklist",
        table_name="task",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(
        "ix_task_waiting",
        table_name="task",
        sqlite_where=sa.text("state = 'open' AND opens_on IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND opens_on IS NOT NULL"),
    )
    op.drop_index(
        "ix_task_unlooked",
        table_name="task",
        sqlite_where=sa.text("state = 'open' AND stranded IS NULL"),
        postgresql_where=sa.text("state = 'open' AND stranded IS NULL"),
    )
    op.drop_index(
        "ix_task_stranded",
        table_name="task",
        sqlite_where=sa.text("state = 'open' AND stranded"),
        postgresql_where=sa.text("state = 'open' AND stranded"),
    )
    op.drop_index("ix_task_case", table_name="task")
    op.drop_index(
        "ix_task_assignee",
        table_name="task",
        sqlite_where=sa.text("state = 'open' AND assignee_id IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND assignee_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_task_area",
        table_name="task",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_table("task")
    op.drop_table("signature")
    op.drop_index("ix_scheduled_act_due", table_name="scheduled_act")
    op.drop_table("scheduled_act")
    op.drop_index("ix_question_to", table_name="question")
    op.drop_index(op.f("ix_question_from_id"), table_name="question")
    op.drop_index(op.f("ix_question_case_id"), table_name="question")
    op.drop_table("question")
    op.drop_index(op.f("ix_payment_line_month"), table_name="payment_line")
    op.drop_index("ix_payment_line_list", table_name="payment_line")
    op.drop_index(op.f("ix_payment_line_household_id"), table_name="payment_line")
    op.drop_index(op.f("ix_payment_line_case_id"), table_name="payment_line")
    op.drop_table("payment_line")
    op.drop_index(
        "ix_owed_papers_case",
        table_name="owed_papers",
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.drop_table("owed_papers")
    op.drop_index("ix_outbox_message_state", table_name="outbox_message")
    op.drop_table("outbox_message")
    op.drop_index(op.f("ix_notice_case_id"), table_name="notice")
    op.drop_index(op.f("ix_notice_area_code"), table_name="notice")
    op.drop_table("notice")
    op.drop_index("ix_migration_case_state", table_name="migration_case")
    op.drop_table("migration_case")
    op.drop_table("journal_entry")
    op.drop_index(
        "uq_incident_pending",
        table_name="incident",
        sqlite_where=sa.text("state in ('retrying', 'open')"),
        postgresql_where=sa.text("state in ('retrying', 'open')"),
    )
    op.drop_index("ix_incident_state", table_name="incident")
    op.drop_index(op.f("ix_incident_case_id"), table_name="incident")
    op.drop_table("incident")
    op.drop_index(
        "uq_halt_pending",
        table_name="halt",
        sqlite_where=sa.text("state in ('asked', 'on')"),
        postgresql_where=sa.text("state in ('asked', 'on')"),
    )
    op.drop_index(
        "uq_halt_definition",
        table_name="halt",
        sqlite_where=sa.text("state in ('asked', 'on') AND case_id IS NULL"),
        postgresql_where=sa.text("state in ('asked', 'on') AND case_id IS NULL"),
    )
    op.drop_index("ix_halt_case", table_name="halt")
    op.drop_table("halt")
    op.drop_table("form_presence")
    op.drop_index("ix_entitlement_months", table_name="entitlement")
    op.drop_index(op.f("ix_entitlement_household_id"), table_name="entitlement")
    op.drop_index(op.f("ix_entitlement_case_id"), table_name="entitlement")
    op.drop_index(op.f("ix_entitlement_area_code"), table_name="entitlement")
    op.drop_table("entitlement")
    op.drop_table("draw")
    op.drop_index(op.f("ix_document_case_id"), table_name="document")
    op.drop_table("document")
    op.drop_index(
        "ix_deadline_open_due",
        table_name="deadline",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(
        "ix_deadline_next",
        table_name="deadline",
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.drop_table("deadline")
    op.drop_index("ix_checkpoint_head_case", table_name="checkpoint_head")
    op.drop_table("checkpoint_head")
    op.drop_table("case_part")
    op.drop_table("case_form")
    op.drop_index("ix_carbon_copy_reader", table_name="carbon_copy")
    op.drop_index(op.f("ix_carbon_copy_case_id"), table_name="carbon_copy")
    op.drop_table("carbon_copy")
    op.drop_index(
        "uq_membership_open",
        table_name="membership",
        sqlite_where=sa.text("to_date IS NULL"),
        postgresql_where=sa.text("to_date IS NULL"),
    )
    op.drop_index(
        "uq_membership_head",
        table_name="membership",
        sqlite_where=sa.text("to_date IS NULL AND relation = 'head'"),
        postgresql_where=sa.text("to_date IS NULL AND relation = 'head'"),
    )
    op.drop_index(op.f("ix_membership_person_id"), table_name="membership")
    op.drop_index(op.f("ix_membership_household_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_index(op.f("ix_income_household_id"), table_name="income")
    op.drop_table("income")
    op.drop_index("ix_case_subject", table_name="case")
    op.drop_index("ix_case_stage", table_name="case")
    op.drop_index(op.f("ix_case_parent_id"), table_name="case")
    op.drop_index("ix_case_opened", table_name="case")
    op.drop_index("ix_case_definition_stage_area", table_name="case")
    op.drop_index("ix_case_area", table_name="case")
    op.drop_table("case")
    op.drop_table("batch_item")
    op.drop_index(op.f("ix_asset_household_id"), table_name="asset")
    op.drop_table("asset")
    op.drop_index(op.f("ix_web_session_user_id"), table_name="web_session")
    op.drop_table("web_session")
    op.drop_index("ix_substitution_stand_in", table_name="substitution")
    op.drop_index("ix_substitution_principal", table_name="substitution")
    op.drop_table("substitution")
    op.drop_table("standard")
    op.drop_index("ix_role_assignment_role_area", table_name="role_assignment")
    op.drop_table("role_assignment")
    op.drop_table("release")
    op.drop_table("migration")
    op.drop_index("ix_leave_user", table_name="leave")
    op.drop_table("leave")
    op.drop_table("ladder")
    op.drop_index(op.f("ix_kinship_user_id"), table_name="kinship")
    op.drop_index(op.f("ix_kinship_person_id"), table_name="kinship")
    op.drop_table("kinship")
    op.drop_index(op.f("ix_idempotency_key_at"), table_name="idempotency_key")
    op.drop_table("idempotency_key")
    op.drop_index(op.f("ix_household_area_code"), table_name="household")
    op.drop_table("household")
    op.drop_index(op.f("ix_form_draft_place"), table_name="form_draft")
    op.drop_table("form_draft")
    op.drop_table("edition_order")
    op.drop_index(op.f("ix_batch_made_by"), table_name="batch")
    op.drop_table("batch")
    op.drop_index(op.f("ix_api_token_user_id"), table_name="api_token")
    op.drop_table("api_token")
    op.drop_index(op.f("ix_access_log_user_id"), table_name="access_log")
    op.drop_index(op.f("ix_access_log_household_id"), table_name="access_log")
    op.drop_index(op.f("ix_access_log_case_id"), table_name="access_log")
    op.drop_index(op.f("ix_access_log_at"), table_name="access_log")
    op.drop_table("access_log")
    op.drop_table("tick")
    op.drop_index(op.f("ix_staff_reset_hash"), table_name="staff")
    op.drop_table("staff")
    op.drop_table("setting")
    op.drop_table("post")
    op.drop_index("ix_person_pinyin", table_name="person", postgresql_ops={"pinyin": "text_pattern_ops"})
    op.drop_index("ix_person_name", table_name="person", postgresql_ops={"name": "text_pattern_ops"})
    op.drop_index(op.f("ix_person_initials"), table_name="person")
    op.drop_index(op.f("ix_person_id_tail"), table_name="person")
    op.drop_table("person")
    op.drop_table("edition_period")
    op.drop_table("document_content")
    op.drop_index("ix_deadline_past_case", table_name="deadline_past")
    op.drop_table("deadline_past")
    op.drop_table("checkpoint")
    op.drop_table("case_counter")
    op.drop_table("calendar_year")
    op.drop_table("calendar_day")
    op.drop_table("attempt")
    op.drop_index(op.f("ix_area_parent_code"), table_name="area")
    op.drop_table("area")
