"""How fast the knowledge base answers when it holds a million passages."""
