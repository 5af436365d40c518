"""Make the table of filters of the ledger that people save in the console."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add ``saved_views``; a store that revision 0001 has just made has it already."""
    if "saved_views" in sa.inspect(op.get_bind()).get_table_names():
        return
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "saved_views",
        sa.Column("id", number, primary_key=True, autoincrement=True),
        sa.Column("user", number, nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("made", sa.Float, nullable=False),
        sa.UniqueConstraint("user", "name"),
        sqlite_autoincrement=True,
    )
