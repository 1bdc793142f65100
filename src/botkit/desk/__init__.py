"""The agents' desk: who they are, the queue, service of customers, what the console shows. Pages in `static/`."""
