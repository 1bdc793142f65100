"""The database: tables, migrations, engine and sessions. Knows no rules; imported by `bss` and `conversation`."""
