"""What the actions may call.

rasa_sdk makes each action itself and without arguments, so the services are installed once, by
the server at its start or by a test, and asked for by name.
"""

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Callable, Optional

import httpx

from actions.handoff_client import HandoffClient
from actions.knowledge_client import KnowledgeClient
from actions.settings import ActionsSettings
from shop import Policy, ShopBackend, ShopSettings, load_policy, open_shop


@dataclass(frozen=True)
class Services:
    """The shop, the knowledge base, the desk, and the clock."""

    shop: ShopBackend
    policy: Policy
    knowledge: KnowledgeClient
    handoff: HandoffClient
    now: Callable[[], datetime]


_installed: Optional[Services] = None


def install(services: Services) -> None:
    """Make these the services of this process."""
    global _installed
    _installed = services


def services() -> Services:
    """The installed services.

    Raises:
        RuntimeError: nothing was installed; start the server with `python -m actions.server`.
    """
    if _installed is None:
        raise RuntimeError("no services installed: start with python -m actions.server")
    return _installed


def from_settings(settings: ActionsSettings, shop_settings: ShopSettings) -> Services:
    """Services on the real shop, knowledge base and desk."""
    headers = {"Authorization": f"Bearer {settings.service_token}"}

    def client(url: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=url, headers=headers, timeout=settings.action_timeout, trust_env=False
        )

    return Services(
        shop=open_shop(shop_settings),
        policy=load_policy(),
        knowledge=KnowledgeClient(client(settings.knowledge_url)),
        handoff=HandoffClient(client(settings.gateway_url)),
        now=lambda: datetime.now(timezone.utc),
    )
