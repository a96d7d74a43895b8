"""Understanding (step 4 of a message's way): Rasa components, one per file."""
