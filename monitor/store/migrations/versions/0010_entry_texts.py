"""Keep apart what entries are searched by, so that a search need not read all that is known of them."""

import sqlalchemy as sa
from alembic import op

from monitor.store.ledger.entry_texts import text_of

revision = "0010"
down_revision = "0009"

AT_ONCE = 1_000
"""Entries that are read and written together."""

ENTRIES = sa.table("entries", sa.column("number"), sa.column("body", sa.JSON), sa.column("note"))
TEXTS = sa.table("entry_texts", sa.column("number"), sa.column("text"), sa.column("note"))


def upgrade() -> None:
    """Make ``entry_texts`` of the entries that there are; revision 0001 may have made the table just now."""
    connection = op.get_bind()
    if "entry_texts" not in sa.inspect(connection).get_table_names():
        op.create_table(
            "entry_texts",
            sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
            sa.Column("text", sa.Text, nullable=False),
            sa.Column("note", sa.Text, nullable=False, server_default=""),
        )
    last = 0
    while rows := connection.execute(
        sa.select(ENTRIES).where(ENTRIES.c.number > last).order_by(ENTRIES.c.number).limit(AT_ONCE)
    ).all():
        texts = [{"number": row.number, "text": text_of(row.body), "note": row.note} for row in rows]
        connection.execute(sa.insert(TEXTS), texts)
        last = rows[-1].number
