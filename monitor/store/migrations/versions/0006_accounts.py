"""Make the tables of users, their sessions, devices, codes and tokens, failed logins and the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables; a store that revision 0001 has just made from today's schema has them already."""
    if "users" in sa.inspect(op.get_bind()).get_table_names():
        return
    _users()
    _sessions()
    op.create_table(
        "login_attempts",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last", sa.Float, nullable=False),
        sa.Column("until", sa.Float, nullable=False),
    )
    op.create_index("login_attempts_by_until", "login_attempts", ["until"])
    _tokens()
    _audit_log()


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(64), nullable=False, unique=True),
        sa.Column("full_name", sa.String(128), nullable=False),
        sa.Column("password", sa.Text),
        sa.Column("rights", sa.JSON, nullable=False),
        sa.Column("departments", sa.JSON, nullable=False),
        sa.Column("made", sa.Float, nullable=False),
        sa.Column("disabled", sa.Float),
        sa.Column("logged_in", sa.Float),
        sa.Column("totp_offer", sa.Text),
        sa.Column("totp_secret", sa.Text),
        sa.Column("totp_step", sa.BigInteger, nullable=False),
        sa.Column("subject", sa.String(255), unique=True),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "recovery_codes",
        sa.Column("user", BigId, primary_key=True),
        sa.Column("hash", sa.String(64), primary_key=True),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("user", BigId, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("made", sa.Float, nullable=False),
        sa.Column("used", sa.Float, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(255), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("sessions_by_user", "sessions", ["user"])
    op.create_table(
        "devices",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("user", BigId, nullable=False),
        sa.Column("used", sa.Float, nullable=False),
    )
    op.create_index("devices_by_user", "devices", ["user"])


def _tokens() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("user", BigId, nullable=False),
        sa.Column("label", sa.String(128), nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("made", sa.Float, nullable=False),
        sa.Column("expires", sa.Float, nullable=False),
        sa.Column("used", sa.Float),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("revoked", sa.Float),
        sqlite_autoincrement=True,
    )
    op.create_index("api_tokens_by_user", "api_tokens", ["user"])


def _audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("who", sa.String(128), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("audit_log_by_at", "audit_log", ["at"])
    op.create_index("audit_log_by_who", "audit_log", ["who", "id"])
