"""Make the tables of events and of the messages that go out about them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add ``events`` and ``messages``; a store that revision 0001 has just made from today's schema has them already.

    Runs of before have no event: nobody wants to be written to about them.
    """
    if "events" in sa.inspect(op.get_bind()).get_table_names():
        return
    op.create_table(
        "events",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(255), nullable=False, unique=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("run", BigId),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("announced", sa.Float),
        sa.Column("digested", sa.Float),
    )
    op.create_index("events_by_digested", "events", ["digested"])
    op.create_table(
        "messages",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(255), nullable=False, unique=True),
        sa.Column("target", sa.String(255), nullable=False),
        sa.Column("occasion", sa.String(32), nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("due", sa.Float, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("claimed", sa.Float),
        sa.Column("ended", sa.Float),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("remaining", sa.JSON),
        sa.Column("body", sa.JSON, nullable=False),
    )
    op.create_index("messages_by_state", "messages", ["state", "due"])
