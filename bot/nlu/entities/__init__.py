"""What a message names: one kind of entity per module, `bot.nlu.entity_rules` puts them together.

Each module reads the folded text (`bot.nlu.normaliser`) and yields spans in it.
"""
