"""The operator's Chatwoot as the desk. Set-up and behaviour: `docs/chatwoot.md`.

wire: its JSON. client: its API over HTTP. words: what agents read there. relay: what goes there, each line once.
hearing: what comes back. webhook: where it comes in. desk: all of it behind the port.
"""
