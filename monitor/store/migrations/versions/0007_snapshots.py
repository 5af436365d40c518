"""Make the tables of pages with faults as they were fetched."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add ``snapshots`` and ``page_snapshots``; a store that revision 0001 has just made from today's has them already.

    Runs of before have none: their pages were not kept.
    """
    if "snapshots" in sa.inspect(op.get_bind()).get_table_names():
        return
    op.create_table(
        "snapshots",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("content_type", sa.String(255), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "page_snapshots",
        sa.Column("run", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("fetched", sa.Float, nullable=False),
    )
    op.create_index("page_snapshots_by_digest", "page_snapshots", ["digest"])
