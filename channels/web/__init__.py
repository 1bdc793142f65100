"""The web channel: the chat on a web page."""
