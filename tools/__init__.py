"""Tools for those who work on the project; nothing of the running system imports them."""
