"""Alembic's entry point. The connection comes from storage.schema."""

from alembic import context

from storage.every_table import metadata


def run() -> None:
    """Run the migrations on the given connection."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        render_as_batch=True,
        user_module_prefix="storage.types.",
    )
    with context.begin_transaction():
        context.run_migrations()


run()
