"""Custom actions (step 6 of a message's way): read slots, call one service, return events.

They never format a sentence: wording is in domain/<topic>.yml, an action names a response and the
facts it needs. Who is asking comes only from the gateway's identity block (actions/turn.py).
"""
