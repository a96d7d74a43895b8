"""The second system of a comparison: the same domain, data and actions under plain Rasa.

Default pipeline and policies, stock Redis tracker and lock stores, REST channel: what a user
would otherwise run.
"""
