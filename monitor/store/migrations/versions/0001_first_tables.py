"""Make the first tables: a new store gets them from the schema itself and starts at this revision."""

from alembic import op

from monitor.store.schema import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    metadata.create_all(op.get_bind())
