"""Make the table of what was read from pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add ``picture_readings``; a store that revision 0001 has just made has it already."""
    if "picture_readings" in sa.inspect(op.get_bind()).get_table_names():
        return
    op.create_table(
        "picture_readings",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("version", sa.String(255), nullable=False),
        sa.Column("lines", sa.JSON, nullable=False),
        sa.Column("used", sa.Float, nullable=False),
    )
