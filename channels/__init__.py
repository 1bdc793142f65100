"""One connector for each channel: authenticate, translate in, render out. They never import each other or the actions."""
