"""The shop's knowledge base: articles in, the one that answers a question out.

It stands behind step 6 of a message's way (act): the assistant's actions ask it over HTTP
whether an article answers the shopper. It knows nothing of dialogue, orders or channels.
"""
