"""Make the tables of pictures that are evidence of findings."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add ``pictures`` and ``finding_pictures``; a store that revision 0001 has just made has them already."""
    if "pictures" in sa.inspect(op.get_bind()).get_table_names():
        return
    op.create_table(
        "pictures",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "finding_pictures",
        sa.Column("run", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("fingerprint", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
    )
    op.create_index("finding_pictures_by_digest", "finding_pictures", ["digest"])
