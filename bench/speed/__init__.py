"""`make bench`: how fast it is, beside plain Rasa, alone in a crowd, and over time."""
