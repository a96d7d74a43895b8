"""Measures understanding and whole dialogues, on our own rows and on foreign ones."""
