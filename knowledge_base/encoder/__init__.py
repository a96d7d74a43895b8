"""The encoder: from a text to a vector; shared by building the index and by every question.

By default a sentence-transformers model trained here from the articles (``module``,
``training``); with ENCODER set, any other sentence-transformers model (``loading``).
"""
