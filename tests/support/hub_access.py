"""Addresses and a token, as the Hub's desk keeps them; nothing is sent anywhere."""

from engine.errors import HubUnreachable
from engine.fit.saying import Saying, say


class FakeHubAccess:
    """The part of `app.surface.DiscoverySurface` that the settings speak to."""

    def __init__(self) -> None:
        self.answering = {"https://huggingface.co", "https://hf-mirror.com"}
        self.token: str | None = None
        self.tested: list[str] = []

    async def try_endpoint(self, url: str, /) -> Saying:
        self.tested.append(url)
        if url not in self.answering:
            raise HubUnreachable(f"{url} did not answer.")
        says = "{host} speaks the Hub's API; it answered in {took} ms."
        return say(says, host=url.partition("://")[2], took=84)

    test_endpoint = try_endpoint  # its own name would read as a test's

    async def set_token(self, token: str | None, /) -> None:
        self.token = token

    @property
    def has_token(self) -> bool:
        return self.token is not None
