"""Settings of the action server; the only place where it reads the environment."""

from pydantic import BaseSettings


class ActionsSettings(BaseSettings):
    """What the action server needs to know; see .env.example for the meaning of each."""

    actions_host: str = "127.0.0.1"
    actions_port: int = 8002
    # Required: without it the server would answer anybody.
    service_token: str
    gateway_url: str = "http://127.0.0.1:8000"
    knowledge_url: str = "http://127.0.0.1:8003"
    # A shopper waits for the sum of these: an action must be done within three seconds.
    action_timeout: float = 3.0
