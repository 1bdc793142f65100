"""What the bot may ask of an operator (`port`), and the demo operator that answers (`embedded`, `demo`)."""
