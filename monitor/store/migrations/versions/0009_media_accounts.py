"""Make the tables of accounts on new media."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add ``media_accounts`` and ``media_notes``; a store that revision 0001 has just made has them already."""
    if "media_accounts" in sa.inspect(op.get_bind()).get_table_names():
        return
    op.create_table(
        "media_accounts",
        sa.Column("site", sa.String(255), primary_key=True),
        sa.Column("name", sa.String(255), primary_key=True),
        sa.Column("newest", sa.Float),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("looked", sa.Float, nullable=False),
        sa.Column("unseen_since", sa.Float),
    )
    op.create_table(
        "media_notes",
        sa.Column("site", sa.String(255), primary_key=True),
        sa.Column("name", sa.String(255), primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
