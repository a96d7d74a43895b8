"""What the actions may call.

rasa_sdk makes each action itself and without arguments, so the services are installed once, by
the server at its start or by a test, and asked for by name.
"""

from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import AsyncIterator, Callable, Optional

import aiohttp

from actions.handoff_client import HandoffClient
from actions.knowledge_client import KnowledgeClient
from actions.promise_client import PromiseClient
from actions.settings import ActionsSettings
from actions.shop_client import ShopClient
from actions.tracking_client import TrackingClient
from shop import Policy, PolicyBook, PolicySource, ShopSettings, open_promises, open_shop
from shop.tracking import TrackingSettings, open_tracking

# Shorter than the five seconds after which the other side lets go of an idle connection: a request
# must not meet that on its way.
_IDLE_SECONDS = 4.0


@dataclass(frozen=True)
class Services:
    """The shop, the carriers, the knowledge base, the desk, the book of promises, the clock."""

    shop: ShopClient
    tracking: TrackingClient
    policies: PolicySource
    knowledge: KnowledgeClient
    handoff: HandoffClient
    promises: PromiseClient
    now: Callable[[], datetime]

    @property
    def policy(self) -> Policy:
        """The rules in force now."""
        return self.book.current(self.now())

    @property
    def book(self) -> PolicyBook:
        """The rules with all their versions."""
        return self.policies.book()


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


@asynccontextmanager
async def opened(settings: ActionsSettings, shop_settings: ShopSettings) -> AsyncIterator[Services]:
    """Services on the real shop, knowledge base and desk, closed at the end.

    Raises:
        PolicyError, ShopUnavailable: as `shop.open_shop`.
        ValidationError: the settings of the tracking are not complete.
    """
    with ExitStack() as stack:
        shop = stack.enter_context(closing(open_shop(shop_settings)))
        client = stack.enter_context(closing(ShopClient(shop)))
        promises = open_promises(shop_settings)
        stack.callback(promises.dispose)
        tracking = stack.enter_context(closing(open_tracking(TrackingSettings())))
        parcels = stack.enter_context(closing(TrackingClient(tracking)))
        async with connections(settings) as http:
            yield Services(
                shop=client,
                tracking=parcels,
                policies=PolicySource(shop_settings.policy),
                knowledge=KnowledgeClient(http, settings.knowledge_url),
                handoff=HandoffClient(http, settings.gateway_url),
                promises=PromiseClient(promises, shop),
                now=lambda: datetime.now(timezone.utc),
            )


def connections(settings: ActionsSettings) -> aiohttp.ClientSession:
    """Connections to our own services, to be made inside the event loop."""
    return aiohttp.ClientSession(
        headers={"Authorization": f"Bearer {settings.service_token}"},
        timeout=aiohttp.ClientTimeout(total=settings.action_timeout),
        connector=aiohttp.TCPConnector(keepalive_timeout=_IDLE_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
    )
