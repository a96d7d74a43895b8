"""What personal data looks like in a line of text; `bot.conversation.masking` hides it."""
