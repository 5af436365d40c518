"""Keep of every page whether it said anything new, so that an endless space is cut at the same place in every run."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add ``pages.repeats``; a store that revision 0001 has just made from today's schema has it already."""
    columns = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("pages")}
    if "repeats" not in columns:
        op.add_column("pages", sa.Column("repeats", sa.Integer, nullable=False, server_default="0"))
