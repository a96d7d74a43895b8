"""What can go wrong between an action and the service it calls.

ActionError
├── KnowledgeUnavailable   the knowledge service is down, slow or answers nonsense
└── HandoffUnavailable     the service desk did not accept the handoff
"""

import asyncio

import aiohttp

# What a service that is away, too slow or not itself makes a call raise.
CALL_FAILED = (aiohttp.ClientError, asyncio.TimeoutError, ValueError, KeyError, TypeError)


class ActionError(Exception):
    """Root of the errors that the actions' clients raise."""


class KnowledgeUnavailable(ActionError):
    """The knowledge base gave no usable answer in time."""


class HandoffUnavailable(ActionError):
    """The desk did not confirm the handoff, so the shopper must not be told that it happened."""
