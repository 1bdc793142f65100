"""SMPP 3.4 with asyncio. The PDUs are smpplib's, the session is ours: see docs/sms.md for the reason."""
