"""Keep of every finding whether a remembered judgement hid it, so that figures and alarms leave it out."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add ``findings.suppressed``; a store that revision 0001 has just made from today's schema has it already."""
    columns = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("findings")}
    if "suppressed" not in columns:
        op.add_column("findings", sa.Column("suppressed", sa.Boolean, nullable=False, server_default=sa.false()))
