"""How fast the shop's database answers when it holds a million orders."""
