"""Keep with every entry what people remark, and the day on which they mended the fault."""

import sqlalchemy as sa
from alembic import op

from monitor.beijing import beijing_time

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add ``entries.remark`` and ``entries.mended``; a store that revision 0001 has just made has them already."""
    columns = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("entries")}
    if "mended" in columns:
        return
    op.add_column("entries", sa.Column("remark", sa.Text, nullable=False, server_default=""))
    op.add_column("entries", sa.Column("mended", sa.String(10)))
    _date_what_was_called_mended()


def _date_what_was_called_mended() -> None:
    """Date the entries that somebody called mended by that day, as their histories add up from now on."""
    connection = op.get_bind()
    moves = connection.execute(
        sa.text("SELECT number, at, before, after FROM entry_history WHERE field = 'state' ORDER BY number, id")
    )
    mended: dict[int, str | None] = {}
    for number, at, before, after in moves:
        if after == "to-verify":
            mended[number] = mended.get(number) or beijing_time(at).date().isoformat()
        elif after != "closed" and before in {"to-verify", "closed"}:
            mended[number] = None
    dated = [{"day": day, "number": number} for number, day in mended.items() if day]
    if dated:
        connection.execute(sa.text("UPDATE entries SET mended = :day WHERE number = :number"), dated)
