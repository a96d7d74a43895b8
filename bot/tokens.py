"""Tokens as this installation signs and checks them."""

from bot.conversation.identity import Tokens
from bot.settings import Settings


def tokens_of(settings: Settings) -> Tokens:
    """Made from the settings' secrets; the same in the gateway and in all commands."""
    return Tokens(
        shop_secret=settings.shop_jwt_secret,
        shop_public_key=settings.shop_jwt_public_key,
        visitor_secret=settings.visitor_secret,
    )
