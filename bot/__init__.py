"""Xiaoer's own process code: doors, conversations, desk, understanding, storage."""
