"""The action server: rasa_sdk's, on loopback, closed to callers without the service token.

Run with `python -m actions.server`.
"""

import hmac
from typing import Optional

from rasa_sdk import endpoint
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from actions import services
from actions.settings import ActionsSettings
from shop import ShopSettings


def create_app(settings: ActionsSettings) -> Sanic:
    """rasa_sdk's app with the check of the token in front of every path."""
    app = endpoint.create_app("actions", cors_origins=[])
    expected = f"Bearer {settings.service_token}"

    @app.middleware("request")
    async def refuse_strangers(request: Request) -> Optional[HTTPResponse]:
        given = request.headers.get("Authorization", "")
        if hmac.compare_digest(given.encode(), expected.encode()):
            return None
        error = {"code": "unauthorized", "message": "The service token is missing.", "detail": {}}
        return response.json({"error": error}, status=401)

    return app


def main() -> None:
    """Serve until stopped."""
    settings = ActionsSettings()  # type: ignore[call-arg]
    services.install(services.from_settings(settings, ShopSettings()))
    create_app(settings).run(settings.actions_host, settings.actions_port, access_log=False)


if __name__ == "__main__":
    main()
