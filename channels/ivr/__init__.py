"""The voice menu: a telephone system asks over HTTP what to say to a caller. See docs/ivr.md."""
