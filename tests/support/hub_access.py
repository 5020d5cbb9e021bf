"""Addresses and a token, as the Hub's desk keeps them; nothing is sent anywhere."""

from engine.errors import HubUnreachable


class FakeHubAccess:
    """The part of `app.surface.DiscoverySurface` that the settings speak to."""

    def __init__(self) -> None:
        self.answering = {"https://huggingface.co", "https://hf-mirror.com"}
        self.token: str | None = None
        self.tested: list[str] = []

    async def try_endpoint(self, url: str, /) -> str:
        self.tested.append(url)
        if url not in self.answering:
            raise HubUnreachable(f"{url} did not answer.")
        return f"{url} answers in 84 ms."

    test_endpoint = try_endpoint  # its own name would read as a test's

    async def set_token(self, token: str | None, /) -> None:
        self.token = token

    @property
    def has_token(self) -> bool:
        return self.token is not None
