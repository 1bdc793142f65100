"""All tables. Import this package before using the metadata."""

from botkit.store.tables import chatwoot, conversation, desk, operator  # noqa: F401
