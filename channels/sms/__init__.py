"""The SMS hall: short codes and sentences by SMS. See docs/sms.md."""
