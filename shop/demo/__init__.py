"""The demo shop: customers, products and orders that are the same every time.

Beside the way of a message: ``shop.seed`` writes this into a database. Everything follows
from one random seed and the day, so README, tests and measurements can name what is in it.
"""
