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
        sa.CheckConstraint("level in ('county','town','village','department')", name=op.f("ck_area_level")),
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
        "bureau_nonce",
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("source", "nonce", name=op.f("pk_bureau_nonce")),
    )
    op.create_index(op.f("ix_bureau_nonce_at"), "bureau_nonce", ["at"], unique=False)
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
        sa.Column("id_kind", sa.String(length=20), nullable=False),
        sa.Column("id_note", sa.String(length=200), nullable=False),
        sa.Column("merged_into", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "name",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "pinyin",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
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
        sa.ForeignKeyConstraint(["merged_into"], ["person.id"], name=op.f("fk_person_merged_into_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("id_number", name=op.f("uq_person_id_number")),
    )
    op.create_index(op.f("ix_person_birth"), "person", ["birth"], unique=False)
    op.create_index("ix_person_id_tail", "person", ["id_tail", "id"], unique=False)
    op.create_index("ix_person_initials", "person", ["initials", "id"], unique=False)
    op.create_index(op.f("ix_person_merged_into"), "person", ["merged_into"], unique=False)
    op.create_index("ix_person_name", "person", ["name", "id"], unique=False)
    op.create_index("ix_person_pinyin", "person", ["pinyin", "id"], unique=False)
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
        "verification_source",
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("transport", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("secret_name", sa.String(length=40), nullable=False),
        sa.Column("encoding", sa.String(length=10), nullable=False),
        sa.Column("timeout_seconds", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("retry_seconds", sa.Text(), nullable=False),
        sa.Column("poll_seconds", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deadline_days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("breaker_failures", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("breaker_seconds", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("when_silent", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("circuit", sa.String(length=10), nullable=False),
        sa.Column("failures", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("try_at", sa.String(length=20), nullable=True),
        sa.Column("last_success_at", sa.String(length=20), nullable=True),
        sa.Column("last_failure_at", sa.String(length=20), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "circuit in ('closed','open','half_open')", name=op.f("ck_verification_source_circuit")
        ),
        sa.CheckConstraint("encoding in ('utf-8','gb18030')", name=op.f("ck_verification_source_encoding")),
        sa.CheckConstraint(
            "transport in ('http','files','letter')", name=op.f("ck_verification_source_transport")
        ),
        sa.CheckConstraint(
            "when_silent in ('none','last_known','stop')", name=op.f("ck_verification_source_when_silent")
        ),
        sa.CheckConstraint(
            "breaker_failures > 0 and breaker_seconds > 0", name=op.f("ck_verification_source_breaker")
        ),
        sa.CheckConstraint(
            "timeout_seconds > 0 and deadline_days > 0", name=op.f("ck_verification_source_positive")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_verification_source")),
    )
    op.create_table(
        "bureau_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("rows", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stored", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("refused", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("faults", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.CheckConstraint("direction in ('out','in')", name=op.f("ck_bureau_file_direction")),
        sa.CheckConstraint(
            "state in ('claimed','closed','written','reading','taken','refused')",
            name=op.f("ck_bureau_file_state"),
        ),
        sa.ForeignKeyConstraint(
            ["source"], ["verification_source.code"], name=op.f("fk_bureau_file_source_verification_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bureau_file")),
        sa.UniqueConstraint(
            "source", "direction", "day", "number", name=op.f("uq_bureau_file_source_direction_day_number")
        ),
        sa.UniqueConstraint(
            "source", "direction", "sha256", name=op.f("uq_bureau_file_source_direction_sha256")
        ),
    )
    op.create_index("ix_bureau_file_state", "bureau_file", ["state"], unique=False)
    op.create_table(
        "department",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("has_aid_function", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_department_area_code_area")),
        sa.ForeignKeyConstraint(["code"], ["area.code"], name=op.f("fk_department_code_area")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_department")),
        sa.UniqueConstraint("area_code", "kind", name=op.f("uq_department_area_code_kind")),
    )
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
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.Column("disabled_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_staff_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_index(op.f("ix_staff_person_id"), "staff", ["person_id"], unique=False)
    op.create_index(op.f("ix_staff_reset_hash"), "staff", ["reset_hash"], unique=False)
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
        "absence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.CheckConstraint("to_date IS NULL OR to_date >= from_date", name=op.f("ck_absence_dates")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_absence_household_id_household")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_household_id"), "absence", ["household_id"], unique=False)
    op.create_index(
        "uq_absence_open",
        "absence",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("to_date IS NULL"),
        postgresql_where=sa.text("to_date IS NULL"),
    )
    op.create_table(
        "access_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_access_log_user_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    op.create_index(op.f("ix_access_log_at"), "access_log", ["at"], unique=False)
    op.create_index(op.f("ix_access_log_case_id"), "access_log", ["case_id"], unique=False)
    op.create_index(op.f("ix_access_log_household_id"), "access_log", ["household_id"], unique=False)
    op.create_index(op.f("ix_access_log_person_id"), "access_log", ["person_id"], unique=False)
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
        "bureau_file_query",
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("query_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["bureau_file.id"], name=op.f("fk_bureau_file_query_file_id_bureau_file")
        ),
        sa.PrimaryKeyConstraint("file_id", "query_id", name=op.f("pk_bureau_file_query")),
    )
    op.create_table(
        "counted_apart",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.String(length=20), nullable=False),
        sa.CheckConstraint("to_date IS NULL OR to_date >= from_date", name=op.f("ck_counted_apart_dates")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_counted_apart_household_id_household")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_counted_apart_made_by_staff")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_counted_apart_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted_apart")),
    )
    op.create_index(op.f("ix_counted_apart_person_id"), "counted_apart", ["person_id"], unique=False)
    op.create_index(
        "uq_counted_apart_open",
        "counted_apart",
        ["household_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("to_date IS NULL"),
        postgresql_where=sa.text("to_date IS NULL"),
    )
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
        "kin_tie",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("relation", sa.String(length=12), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=True),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "relation in ('spouse','child','sibling','grandchild','ward')", name=op.f("ck_kin_tie_relation")
        ),
        sa.CheckConstraint("person_id <> other_id", name=op.f("ck_kin_tie_two")),
        sa.CheckConstraint(
            "to_date IS NULL OR from_date IS NULL OR to_date >= from_date", name=op.f("ck_kin_tie_dates")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_kin_tie_other_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kin_tie_person_id_person")),
        sa.ForeignKeyConstraint(["recorded_by"], ["staff.id"], name=op.f("fk_kin_tie_recorded_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kin_tie")),
    )
    op.create_index(op.f("ix_kin_tie_other_id"), "kin_tie", ["other_id"], unique=False)
    op.create_index(op.f("ix_kin_tie_person_id"), "kin_tie", ["person_id"], unique=False)
    op.create_index(
        "uq_kin_tie_open",
        "kin_tie",
        ["person_id", "other_id", "relation"],
        unique=True,
        sqlite_where=sa.text("to_date IS NULL"),
        postgresql_where=sa.text("to_date IS NULL"),
    )
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
        "life_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("moved", sa.Text(), nullable=False),
        sa.Column("started", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("document_name", sa.String(length=200), nullable=False),
        sa.Column("document_type", sa.String(length=60), nullable=False),
        sa.Column("document_sha256", sa.String(length=64), nullable=True),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", sa.String(length=20), nullable=False),
        sa.Column("undone_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("undone_at", sa.String(length=20), nullable=True),
        sa.Column("undone_because", sa.Text(), nullable=False),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_life_event_undone")),
        sa.ForeignKeyConstraint(
            ["document_sha256"],
            ["document_content.sha256"],
            name=op.f("fk_life_event_document_sha256_document_content"),
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_life_event_household_id_household")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_life_event_person_id_person")),
        sa.ForeignKeyConstraint(["recorded_by"], ["staff.id"], name=op.f("fk_life_event_recorded_by_staff")),
        sa.ForeignKeyConstraint(["undone_by"], ["staff.id"], name=op.f("fk_life_event_undone_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_life_event")),
    )
    op.create_index(op.f("ix_life_event_household_id"), "life_event", ["household_id"], unique=False)
    op.create_index(op.f("ix_life_event_person_id"), "life_event", ["person_id"], unique=False)
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
        "not_same",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.CheckConstraint("person_id < other_id", name=op.f("ck_not_same_order")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_not_same_decided_by_staff")),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_not_same_other_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_not_same_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_same")),
        sa.UniqueConstraint(
            "person_id", "other_id", "digest", name=op.f("uq_not_same_person_id_other_id_digest")
        ),
    )
    op.create_index(op.f("ix_not_same_other_id"), "not_same", ["other_id"], unique=False)
    op.create_table(
        "person_fact",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("certificate", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from",
            name=op.f("ck_person_fact_validity"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_fact_person_id_person")),
        sa.ForeignKeyConstraint(["recorded_by"], ["staff.id"], name=op.f("fk_person_fact_recorded_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_fact")),
    )
    op.create_index("ix_person_fact_person", "person_fact", ["person_id", "kind"], unique=False)
    op.create_table(
        "person_merge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kept_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("document_name", sa.String(length=200), nullable=False),
        sa.Column("document_type", sa.String(length=60), nullable=False),
        sa.Column("document_sha256", sa.String(length=64), nullable=True),
        sa.Column("moved", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("undone_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("undone_at", sa.String(length=20), nullable=True),
        sa.Column("undone_because", sa.Text(), nullable=False),
        sa.CheckConstraint("kept_id <> gone_id", name=op.f("ck_person_merge_two")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_person_merge_decided_by_staff")),
        sa.ForeignKeyConstraint(
            ["document_sha256"],
            ["document_content.sha256"],
            name=op.f("fk_person_merge_document_sha256_document_content"),
        ),
        sa.ForeignKeyConstraint(["gone_id"], ["person.id"], name=op.f("fk_person_merge_gone_id_person")),
        sa.ForeignKeyConstraint(["kept_id"], ["person.id"], name=op.f("fk_person_merge_kept_id_person")),
        sa.ForeignKeyConstraint(["undone_by"], ["staff.id"], name=op.f("fk_person_merge_undone_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
    )
    op.create_index(op.f("ix_person_merge_gone_id"), "person_merge", ["gone_id"], unique=False)
    op.create_index(op.f("ix_person_merge_kept_id"), "person_merge", ["kept_id"], unique=False)
    op.create_index(
        "uq_person_merge_open",
        "person_merge",
        ["gone_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "phone_box",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(length=20), nullable=False),
        sa.Column("ended_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_phone_box_user_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_box")),
    )
    op.create_index(op.f("ix_phone_box_user_id"), "phone_box", ["user_id"], unique=False)
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
        "event_place",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["life_event.id"], name=op.f("fk_event_place_event_id_life_event")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_event_place_household_id_household")
        ),
        sa.PrimaryKeyConstraint("event_id", "household_id", name=op.f("pk_event_place")),
    )
    op.create_index(op.f("ix_event_place_household_id"), "event_place", ["household_id"], unique=False)
    op.create_table(
        "liaison",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("department", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deputy", sa.Boolean(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("assignment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("to_date IS NULL OR to_date >= from_date", name=op.f("ck_liaison_dates")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["role_assignment.id"], name=op.f("fk_liaison_assignment_id_role_assignment")
        ),
        sa.ForeignKeyConstraint(
            ["department"], ["department.code"], name=op.f("fk_liaison_department_department")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_liaison_user_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_liaison")),
    )
    op.create_index(op.f("ix_liaison_department"), "liaison", ["department"], unique=False)
    op.create_index(
        "uq_liaison_active",
        "liaison",
        ["department"],
        unique=True,
        sqlite_where=sa.text("to_date IS NULL AND NOT deputy"),
        postgresql_where=sa.text("to_date IS NULL AND NOT deputy"),
    )
    op.create_index(
        "uq_liaison_deputy",
        "liaison",
        ["department"],
        unique=True,
        sqlite_where=sa.text("to_date IS NULL AND deputy"),
        postgresql_where=sa.text("to_date IS NULL AND deputy"),
    )
    op.create_table(
        "aid_bill",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice", sa.String(length=40), nullable=False),
        sa.Column("hospital", sa.String(length=200), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("insurance", sa.BigInteger(), nullable=False),
        sa.Column("charity", sa.BigInteger(), nullable=False),
        sa.Column("other_aid", sa.BigInteger(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.CheckConstraint("insurance + charity + other_aid <= total", name=op.f("ck_aid_bill_payers")),
        sa.CheckConstraint("total > 0", name=op.f("ck_aid_bill_total")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_aid_bill_case_id_case")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_aid_bill_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_bill")),
    )
    op.create_index(op.f("ix_aid_bill_case_id"), "aid_bill", ["case_id"], unique=False)
    op.create_index(op.f("ix_aid_bill_person_id"), "aid_bill", ["person_id"], unique=False)
    op.create_index(
        "uq_aid_bill_invoice",
        "aid_bill",
        ["invoice"],
        unique=True,
        sqlite_where=sa.text("released_on IS NULL"),
        postgresql_where=sa.text("released_on IS NULL"),
    )
    op.create_table(
        "aid_grant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("department", sa.String(length=12), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("service", sa.String(length=200), nullable=False),
        sa.Column("self_paid", sa.BigInteger(), nullable=True),
        sa.Column("period", sa.String(length=20), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("derivation", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.CheckConstraint("amount IS NOT NULL OR service <> ''", name=op.f("ck_aid_grant_something")),
        sa.CheckConstraint("amount IS NULL OR amount > 0", name=op.f("ck_aid_grant_amount")),
        sa.CheckConstraint("paid_on IS NULL OR paid_on >= decided_on", name=op.f("ck_aid_grant_paid")),
        sa.CheckConstraint("self_paid IS NULL OR amount <= self_paid", name=op.f("ck_aid_grant_self_paid")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_aid_grant_case_id_case")),
        sa.ForeignKeyConstraint(
            ["department"], ["department.code"], name=op.f("fk_aid_grant_department_department")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_aid_grant_household_id_household")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_aid_grant_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_grant")),
        sa.UniqueConstraint("case_id", "person_id", "item", name=op.f("uq_aid_grant_case_id_person_id_item")),
        sa.UniqueConstraint(
            "programme",
            "person_id",
            "item",
            "period",
            name=op.f("uq_aid_grant_programme_person_id_item_period"),
        ),
    )
    op.create_index(op.f("ix_aid_grant_area_code"), "aid_grant", ["area_code"], unique=False)
    op.create_index(op.f("ix_aid_grant_case_id"), "aid_grant", ["case_id"], unique=False)
    op.create_index(op.f("ix_aid_grant_household_id"), "aid_grant", ["household_id"], unique=False)
    op.create_index("ix_aid_grant_person", "aid_grant", ["person_id", "decided_on"], unique=False)
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
        "check_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issued_at", sa.String(length=20), nullable=False),
        sa.Column("issued_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("conclusion", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("supersedes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_check_report_case_id_case")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_check_report_household_id_household")
        ),
        sa.ForeignKeyConstraint(["issued_by"], ["staff.id"], name=op.f("fk_check_report_issued_by_staff")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["check_report.id"], name=op.f("fk_check_report_supersedes_id_check_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_report")),
        sa.UniqueConstraint("case_id", "version", name=op.f("uq_check_report_case_id_version")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_check_report_supersedes_id")),
    )
    op.create_index("ix_check_report_household", "check_report", ["household_id", "issued_at"], unique=False)
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
        "field_package",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("visit", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("filled_at", sa.String(length=20), nullable=False),
        sa.Column("received_at", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("twin_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("settled_at", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "state in ('received','done','held','resumed','dropped')", name=op.f("ck_field_package_state")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_field_package_case_id_case")),
        sa.ForeignKeyConstraint(
            ["twin_id"], ["field_package.id"], name=op.f("fk_field_package_twin_id_field_package")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_field_package_user_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_package")),
        sa.UniqueConstraint("user_id", "client_id", name=op.f("uq_field_package_user_id_client_id")),
    )
    op.create_index("ix_field_package_case_action", "field_package", ["case_id", "action"], unique=False)
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
        "handed",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("department", sa.String(length=12), nullable=False),
        sa.Column("handed_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_handed_case_id_case")),
        sa.ForeignKeyConstraint(
            ["department"], ["department.code"], name=op.f("fk_handed_department_department")
        ),
        sa.PrimaryKeyConstraint("case_id", "department", name=op.f("pk_handed")),
    )
    op.create_index("ix_handed_department", "handed", ["department", "case_id"], unique=False)
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
        "standard_effect",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("change_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("grant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("old", sa.BigInteger(), nullable=False),
        sa.Column("new", sa.BigInteger(), nullable=False),
        sa.Column("eligible", sa.Boolean(), nullable=False),
        sa.Column("low_edge", sa.Boolean(), nullable=False),
        sa.Column("later", sa.Boolean(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("applied", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("outcome in ('adjust','review','same')", name=op.f("ck_standard_effect_outcome")),
        sa.CheckConstraint(
            "state in ('listed','planned','adjusted','redecided','reviewed','fresh')",
            name=op.f("ck_standard_effect_state"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_standard_effect_case_id_case")),
        sa.ForeignKeyConstraint(["change_id"], ["case.id"], name=op.f("fk_standard_effect_change_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_effect")),
        sa.UniqueConstraint("change_id", "case_id", name=op.f("uq_standard_effect_change_id_case_id")),
    )
    op.create_index(op.f("ix_standard_effect_case_id"), "standard_effect", ["case_id"], unique=False)
    op.create_index(
        "ix_standard_effect_state", "standard_effect", ["change_id", "state", "outcome"], unique=False
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
        "authorisation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("purposes", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "signed_by_guardian_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.String(length=20), nullable=False),
        sa.Column("withdrawn_at", sa.String(length=20), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "signed_by_guardian_id IS NULL OR signed_by_guardian_id <> person_id",
            name=op.f("ck_authorisation_guardian"),
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_authorisation_dates")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_authorisation_case_id_case")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_authorisation_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_authorisation_household_id_household")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_authorisation_person_id_person")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["staff.id"], name=op.f("fk_authorisation_recorded_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_guardian_id"],
            ["person.id"],
            name=op.f("fk_authorisation_signed_by_guardian_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorisation")),
        sa.UniqueConstraint("id", "person_id", name=op.f("uq_authorisation_id_person_id")),
        sa.UniqueConstraint("number", name=op.f("uq_authorisation_number")),
    )
    op.create_index(op.f("ix_authorisation_household_id"), "authorisation", ["household_id"], unique=False)
    op.create_index(
        "ix_authorisation_running",
        "authorisation",
        ["person_id", "household_id"],
        unique=False,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
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
        "field_paper",
        sa.Column("package_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"], ["field_package.id"], name=op.f("fk_field_paper_package_id_field_package")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["document_content.sha256"], name=op.f("fk_field_paper_sha256_document_content")
        ),
        sa.PrimaryKeyConstraint("package_id", "number", name=op.f("pk_field_paper")),
    )
    op.create_table(
        "hand_out",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("quantity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("requested_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("requested_at", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.String(length=20), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("handed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("handed_at", sa.String(length=20), nullable=True),
        sa.Column("received_by", sa.String(length=60), nullable=False),
        sa.Column("receipt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(kind = 'goods' AND quantity IS NOT NULL AND quantity > 0 AND amount IS NULL) OR (kind = 'money' AND amount IS NOT NULL AND amount > 0 AND quantity IS NULL)",
            name=op.f("ck_hand_out_what"),
        ),
        sa.CheckConstraint(
            "state <> 'handed_out' OR (handed_by IS NOT NULL AND received_by <> '')",
            name=op.f("ck_hand_out_received"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved','declined','handed_out') OR decided_by IS NOT NULL",
            name=op.f("ck_hand_out_decided"),
        ),
        sa.CheckConstraint(
            "state in ('requested','approved','declined','handed_out','cancelled')",
            name=op.f("ck_hand_out_state"),
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> requested_by", name=op.f("ck_hand_out_four_eyes")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_hand_out_case_id_case")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_hand_out_decided_by_staff")),
        sa.ForeignKeyConstraint(["handed_by"], ["staff.id"], name=op.f("fk_hand_out_handed_by_staff")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_hand_out_household_id_household")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hand_out_person_id_person")),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["document.id"], name=op.f("fk_hand_out_receipt_id_document")
        ),
        sa.ForeignKeyConstraint(["requested_by"], ["staff.id"], name=op.f("fk_hand_out_requested_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_out")),
        sa.UniqueConstraint("key", name=op.f("uq_hand_out_key")),
        sa.UniqueConstraint("number", name=op.f("uq_hand_out_number")),
    )
    op.create_index(op.f("ix_hand_out_case_id"), "hand_out", ["case_id"], unique=False)
    op.create_index(op.f("ix_hand_out_household_id"), "hand_out", ["household_id"], unique=False)
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
    op.create_table(
        "verification_query",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("authorisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.String(length=20), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.String(length=20), nullable=True),
        sa.Column("accepted_at", sa.String(length=20), nullable=True),
        sa.Column("attempts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("next_try_at", sa.String(length=20), nullable=True),
        sa.Column("answered_at", sa.String(length=20), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "state in ('waiting', 'sent', 'answered', 'no_data', 'mismatch', 'silent', 'failed', 'by_letter', 'superseded')",
            name=op.f("ck_verification_query_state"),
        ),
        sa.ForeignKeyConstraint(
            ["authorisation_id", "person_id"],
            ["authorisation.id", "authorisation.person_id"],
            name="fk_verification_query_authorisation",
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_verification_query_case_id_case")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_verification_query_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_query")),
        sa.UniqueConstraint(
            "case_id", "person_id", "source", name=op.f("uq_verification_query_case_id_person_id_source")
        ),
        sa.UniqueConstraint("key", name=op.f("uq_verification_query_key")),
    )
    op.create_index(
        "ix_verification_query_authorisation", "verification_query", ["authorisation_id"], unique=False
    )
    op.create_index(
        "ix_verification_query_next",
        "verification_query",
        ["next_try_at", "id"],
        unique=False,
        sqlite_where=sa.text("next_try_at IS NOT NULL"),
        postgresql_where=sa.text("next_try_at IS NOT NULL"),
    )
    op.create_table(
        "verification_answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("query_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("received_at", sa.String(length=20), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("transport", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("erased_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["query_id"],
            ["verification_query.id"],
            name=op.f("fk_verification_answer_query_id_verification_query"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_answer")),
        sa.UniqueConstraint("query_id", "sha256", name=op.f("uq_verification_answer_query_id_sha256")),
    )
    op.create_index(
        "ix_verification_answer_kept",
        "verification_answer",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("payload IS NOT NULL"),
        postgresql_where=sa.text("payload IS NOT NULL"),
    )
    op.create_table(
        "verification_finding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("query_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("declared", sa.String(length=200), nullable=True),
        sa.Column("tolerance", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["verification_answer.id"],
            name=op.f("fk_verification_finding_answer_id_verification_answer"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_verification_finding_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["query_id"],
            ["verification_query.id"],
            name=op.f("fk_verification_finding_query_id_verification_query"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_finding")),
    )
    op.create_index(
        op.f("ix_verification_finding_answer_id"), "verification_finding", ["answer_id"], unique=False
    )
    op.create_index(
        op.f("ix_verification_finding_query_id"), "verification_finding", ["query_id"], unique=False
    )
    append_only.install(op.get_bind())


def downgrade() -> None:
    append_only.remove(op.get_bind())
    op.drop_index(op.f("ix_verification_finding_query_id"), table_name="verification_finding")
    op.drop_index(op.f("ix_verification_finding_answer_id"), table_name="verification_finding")
    op.drop_table("verification_finding")
    op.drop_index(
        "ix_verification_answer_kept",
        table_name="verification_answer",
        sqlite_where=sa.text("payload IS NOT NULL"),
        postgresql_where=sa.text("payload IS NOT NULL"),
    )
    op.drop_table("verification_answer")
    op.drop_index(
        "ix_verification_query_next",
        table_name="verification_query",
        sqlite_where=sa.text("next_try_at IS NOT NULL"),
        postgresql_where=sa.text("next_try_at IS NOT NULL"),
    )
    op.drop_index("ix_verification_query_authorisation", table_name="verification_query")
    op.drop_table("verification_query")
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
    op.drop_index(op.f("ix_hand_out_household_id"), table_name="hand_out")
    op.drop_index(op.f("ix_hand_out_case_id"), table_name="hand_out")
    op.drop_table("hand_out")
    op.drop_table("field_paper")
    op.drop_index(op.f("ix_extension_case_id"), table_name="extension")
    op.drop_table("extension")
    op.drop_index(
        "ix_authorisation_running",
        table_name="authorisation",
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_index(op.f("ix_authorisation_household_id"), table_name="authorisation")
    op.drop_table("authorisation")
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
    op.drop_index("ix_standard_effect_state", table_name="standard_effect")
    op.drop_index(op.f("ix_standard_effect_case_id"), table_name="standard_effect")
    op.drop_table("standard_effect")
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
    op.drop_index("ix_handed_department", table_name="handed")
    op.drop_table("handed")
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
    op.drop_index("ix_field_package_case_action", table_name="field_package")
    op.drop_table("field_package")
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
    op.drop_index("ix_check_report_household", table_name="check_report")
    op.drop_table("check_report")
    op.drop_table("case_part")
    op.drop_table("case_form")
    op.drop_index("ix_carbon_copy_reader", table_name="carbon_copy")
    op.drop_index(op.f("ix_carbon_copy_case_id"), table_name="carbon_copy")
    op.drop_table("carbon_copy")
    op.drop_index("ix_aid_grant_person", table_name="aid_grant")
    op.drop_index(op.f("ix_aid_grant_household_id"), table_name="aid_grant")
    op.drop_index(op.f("ix_aid_grant_case_id"), table_name="aid_grant")
    op.drop_index(op.f("ix_aid_grant_area_code"), table_name="aid_grant")
    op.drop_table("aid_grant")
    op.drop_index(
        "uq_aid_bill_invoice",
        table_name="aid_bill",
        sqlite_where=sa.text("released_on IS NULL"),
        postgresql_where=sa.text("released_on IS NULL"),
    )
    op.drop_index(op.f("ix_aid_bill_person_id"), table_name="aid_bill")
    op.drop_index(op.f("ix_aid_bill_case_id"), table_name="aid_bill")
    op.drop_table("aid_bill")
    op.drop_index(
        "uq_liaison_deputy",
        table_name="liaison",
        sqlite_where=sa.text("to_date IS NULL AND deputy"),
        postgresql_where=sa.text("to_date IS NULL AND deputy"),
    )
    op.drop_index(
        "uq_liaison_active",
        table_name="liaison",
        sqlite_where=sa.text("to_date IS NULL AND NOT deputy"),
        postgresql_where=sa.text("to_date IS NULL AND NOT deputy"),
    )
    op.drop_index(op.f("ix_liaison_department"), table_name="liaison")
    op.drop_table("liaison")
    op.drop_index(op.f("ix_event_place_household_id"), table_name="event_place")
    op.drop_table("event_place")
    op.drop_index("ix_case_subject", table_name="case")
    op.drop_index("ix_case_stage", table_name="case")
    op.drop_index(op.f("ix_case_parent_id"), table_name="case")
    op.drop_index("ix_case_opened", table_name="case")
    op.drop_index("ix_case_definition_stage_area", table_name="case")
    op.drop_index("ix_case_area", table_name="case")
    op.drop_table("case")
    op.drop_table("batch_item")
    op.drop_index(op.f("ix_web_session_user_id"), table_name="web_session")
    op.drop_table("web_session")
    op.drop_index("ix_substitution_stand_in", table_name="substitution")
    op.drop_index("ix_substitution_principal", table_name="substitution")
    op.drop_table("substitution")
    op.drop_index("ix_role_assignment_role_area", table_name="role_assignment")
    op.drop_table("role_assignment")
    op.drop_table("release")
    op.drop_index(op.f("ix_phone_box_user_id"), table_name="phone_box")
    op.drop_table("phone_box")
    op.drop_index(
        "uq_person_merge_open",
        table_name="person_merge",
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.drop_index(op.f("ix_person_merge_kept_id"), table_name="person_merge")
    op.drop_index(op.f("ix_person_merge_gone_id"), table_name="person_merge")
    op.drop_table("person_merge")
    op.drop_index("ix_person_fact_person", table_name="person_fact")
    op.drop_table("person_fact")
    op.drop_index(op.f("ix_not_same_other_id"), table_name="not_same")
    op.drop_table("not_same")
    op.drop_table("migration")
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
    op.drop_index(op.f("ix_life_event_person_id"), table_name="life_event")
    op.drop_index(op.f("ix_life_event_household_id"), table_name="life_event")
    op.drop_table("life_event")
    op.drop_index("ix_leave_user", table_name="leave")
    op.drop_table("leave")
    op.drop_table("ladder")
    op.drop_index(op.f("ix_kinship_user_id"), table_name="kinship")
    op.drop_index(op.f("ix_kinship_person_id"), table_name="kinship")
    op.drop_table("kinship")
    op.drop_index(
        "uq_kin_tie_open",
        table_name="kin_tie",
        sqlite_where=sa.text("to_date IS NULL"),
        postgresql_where=sa.text("to_date IS NULL"),
    )
    op.drop_index(op.f("ix_kin_tie_person_id"), table_name="kin_tie")
    op.drop_index(op.f("ix_kin_tie_other_id"), table_name="kin_tie")
    op.drop_table("kin_tie")
    op.drop_index(op.f("ix_income_household_id"), table_name="income")
    op.drop_table("income")
    op.drop_index(op.f("ix_idempotency_key_at"), table_name="idempotency_key")
    op.drop_table("idempotency_key")
    op.drop_index(op.f("ix_form_draft_place"), table_name="form_draft")
    op.drop_table("form_draft")
    op.drop_table("edition_order")
    op.drop_index(
        "uq_counted_apart_open",
        table_name="counted_apart",
        sqlite_where=sa.text("to_date IS NULL"),
        postgresql_where=sa.text("to_date IS NULL"),
    )
    op.drop_index(op.f("ix_counted_apart_person_id"), table_name="counted_apart")
    op.drop_table("counted_apart")
    op.drop_table("bureau_file_query")
    op.drop_index(op.f("ix_batch_made_by"), table_name="batch")
    op.drop_table("batch")
    op.drop_index(op.f("ix_asset_household_id"), table_name="asset")
    op.drop_table("asset")
    op.drop_index(op.f("ix_api_token_user_id"), table_name="api_token")
    op.drop_table("api_token")
    op.drop_index(op.f("ix_access_log_user_id"), table_name="access_log")
    op.drop_index(op.f("ix_access_log_person_id"), table_name="access_log")
    op.drop_index(op.f("ix_access_log_household_id"), table_name="access_log")
    op.drop_index(op.f("ix_access_log_case_id"), table_name="access_log")
    op.drop_index(op.f("ix_access_log_at"), table_name="access_log")
    op.drop_table("access_log")
    op.drop_index(
        "uq_absence_open",
        table_name="absence",
        sqlite_where=sa.text("to_date IS NULL"),
        postgresql_where=sa.text("to_date IS NULL"),
    )
    op.drop_index(op.f("ix_absence_household_id"), table_name="absence")
    op.drop_table("absence")
    op.drop_table("standard")
    op.drop_index(op.f("ix_staff_reset_hash"), table_name="staff")
    op.drop_index(op.f("ix_staff_person_id"), table_name="staff")
    op.drop_table("staff")
    op.drop_index(op.f("ix_household_area_code"), table_name="household")
    op.drop_table("household")
    op.drop_table("department")
    op.drop_index("ix_bureau_file_state", table_name="bureau_file")
    op.drop_table("bureau_file")
    op.drop_table("verification_source")
    op.drop_table("tick")
    op.drop_table("setting")
    op.drop_table("post")
    op.drop_index("ix_person_pinyin", table_name="person")
    op.drop_index("ix_person_name", table_name="person")
    op.drop_index(op.f("ix_person_merged_into"), table_name="person")
    op.drop_index("ix_person_initials", table_name="person")
    op.drop_index("ix_person_id_tail", table_name="person")
    op.drop_index(op.f("ix_person_birth"), table_name="person")
    op.drop_table("person")
    op.drop_table("edition_period")
    op.drop_table("document_content")
    op.drop_index("ix_deadline_past_case", table_name="deadline_past")
    op.drop_table("deadline_past")
    op.drop_table("checkpoint")
    op.drop_table("case_counter")
    op.drop_table("calendar_year")
    op.drop_table("calendar_day")
    op.drop_index(op.f("ix_bureau_nonce_at"), table_name="bureau_nonce")
    op.drop_table("bureau_nonce")
    op.drop_table("attempt")
    op.drop_index(op.f("ix_area_parent_code"), table_name="area")
    op.drop_table("area")
