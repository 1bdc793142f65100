"""The server: one process with Rasa, actions, channels and pages."""
