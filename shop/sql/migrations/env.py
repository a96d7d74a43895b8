"""How Alembic runs the steps: in the transaction that ``shop.sql.schema`` has opened.

Beside the way of a message.
"""

from alembic import context

from shop.sql.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
