"""All tables. Import this package before using the metadata."""

from botkit.store.tables import chatwoot, conversation, desk, ivr, operator, sms, wechat  # noqa: F401
