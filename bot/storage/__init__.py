"""Redis: the connection, every key and its life."""
