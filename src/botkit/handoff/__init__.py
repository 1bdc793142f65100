"""Who owns a conversation: the bot, nobody yet (waiting), a human. Pure state machine; no database, no web."""
