"""The steps from one version of the tables to the next.

A step that has been released is never changed. `VERSIONS` names them in order, so that a start where nothing is to be
done needs no Alembic; a test compares it with what Alembic finds.
"""

VERSIONS = ("0001",)
HEAD = VERSIONS[-1]
