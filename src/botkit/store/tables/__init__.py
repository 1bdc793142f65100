"""All tables. Import this package before using the metadata."""

from botkit.store.tables import conversation, desk, operator, wechat  # noqa: F401
