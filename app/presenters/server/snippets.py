"""What a person writes into other programs to reach the port: texts, ready to be copied. Pure."""

import json
import shlex
from dataclasses import dataclass
from urllib.parse import urlsplit

KEY_PLACE = "YOUR-KEY"  # stands where the secret goes, which nobody but its owner knows
NO_KEY = "none"  # clients demand one, though the port does not
MODEL_PLACE = "YOUR-MODEL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How the port is reached: its address without a path, a model's name, whether by a key."""

    address: str
    model: str | None
    keyed: bool

    @property
    def openai(self) -> str:
        """Where OpenAI's dialect begins."""
        return f"{self.address}/v1"

    @property
    def named(self) -> str:
        """The model, or what stands in its place."""
        return self.model or MODEL_PLACE

    @property
    def key(self) -> str:
        """What stands in the key's place."""
        return KEY_PLACE if self.keyed else NO_KEY


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """One client's text. `language` is for its colours."""

    key: str
    name: str
    language: str
    text: str


def snippets(reach: Reach) -> tuple[Snippet, ...]:
    """One for each client."""
    made = (
        ("curl", "curl", "bash", _curl(reach)),
        ("python", "Python", "python", _python(reach)),
        ("javascript", "JavaScript", "javascript", _javascript(reach)),
        ("anthropic", "Anthropic", "python", _anthropic(reach)),
        ("ollama", "Ollama", "python", _ollama(reach)),
        ("continue", "Continue", "yaml", _continue(reach)),
        ("cline", "Cline", "yaml", _cline(reach)),
        ("open-webui", "Open WebUI", "bash", _open_webui(reach)),
        ("cherry-studio", "Cherry Studio", "yaml", _cherry_studio(reach)),
    )
    return tuple(
        Snippet(key=key, name=name, language=language, text=text)
        for key, name, language, text in made
    )


def _curl(reach: Reach) -> str:
    body = {
        "model": reach.named,
        "messages": [{"role": "user", "content": "Why is the sky blue?"}],
        "stream": True,
    }
    lines = [
        f"curl -N {shlex.quote(f'{reach.openai}/chat/completions')}",
        "  -H 'Content-Type: application/json'",
    ]
    if reach.keyed:
        lines.append(f"  -H 'Authorization: Bearer {KEY_PLACE}'")
    lines.append(f"  -d {shlex.quote(json.dumps(body, indent=2, ensure_ascii=False))}")
    return " \\\n".join(lines) + "\n"


def _python(reach: Reach) -> str:
    return f"""\
from openai import OpenAI

client = OpenAI(base_url={_quoted(reach.openai)}, api_key={_quoted(reach.key)})
stream = client.chat.completions.create(
    model={_quoted(reach.named)},
    messages=[{{"role": "user", "content": "Why is the sky blue?"}}],
    stream=True,
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
"""


def _javascript(reach: Reach) -> str:
    return f"""\
import OpenAI from "openai";

const client = new OpenAI({{
  baseURL: {_quoted(reach.openai)},
  apiKey: {_quoted(reach.key)},
}});
const stream = await client.chat.completions.create({{
  model: {_quoted(reach.named)},
  messages: [{{ role: "user", content: "Why is the sky blue?" }}],
  stream: true,
}});
for await (const chunk of stream) {{
  process.stdout.write(chunk.choices[0]?.delta?.content ?? "");
}}
"""


def _anthropic(reach: Reach) -> str:
    return f"""\
from anthropic import Anthropic

client = Anthropic(base_url={_quoted(reach.address)}, api_key={_quoted(reach.key)})
with client.messages.stream(
    model={_quoted(reach.named)},
    max_tokens=1024,
    messages=[{{"role": "user", "content": "Why is the sky blue?"}}],
) as stream:
    for text in stream.text_stream:
        print(text, end="", flush=True)
"""


def _ollama(reach: Reach) -> str:
    headers = f', headers={{"Authorization": "Bearer {KEY_PLACE}"}}' if reach.keyed else ""
    return f"""\
from ollama import Client

client = Client(host={_quoted(reach.address)}{headers})
stream = client.chat(
    model={_quoted(reach.named)},
    messages=[{{"role": "user", "content": "Why is the sky blue?"}}],
    stream=True,
)
for part in stream:
    print(part.message.content or "", end="", flush=True)
"""


def _continue(reach: Reach) -> str:
    return f"""\
name: Fullbore
version: 0.0.1
schema: v1
models:
  - name: {_quoted(reach.named)}
    provider: openai
    model: {_quoted(reach.named)}
    apiBase: {reach.openai}
    apiKey: {reach.key}
    roles:
      - chat
      - edit
      - apply
"""


def _cline(reach: Reach) -> str:
    return f"""\
API Provider: OpenAI Compatible
Base URL: {reach.openai}
API Key: {reach.key}
Model ID: {reach.named}
"""


def _open_webui(reach: Reach) -> str:
    # A container has a loopback of its own: it shares this computer's, or goes over the network.
    here = urlsplit(reach.address).hostname in {"127.0.0.1", "localhost", "::1"}
    lines = [
        "docker run -d --name open-webui",
        "  --network=host" if here else "  -p 3000:8080",
        f"  -e OPENAI_API_BASE_URL={shlex.quote(reach.openai)}",
        f"  -e OPENAI_API_KEY={reach.key}",
        "  -v open-webui:/app/backend/data",
        "  ghcr.io/open-webui/open-webui:main",
    ]
    return " \\\n".join(lines) + f"\n# http://localhost:{8080 if here else 3000}\n"


def _cherry_studio(reach: Reach) -> str:
    return f"""\
Provider Type: OpenAI
API Key: {reach.key}
API Host: {reach.address}
Model ID: {reach.named}
"""


def _quoted(text: str) -> str:
    """As Python, JavaScript and YAML alike read it."""
    return json.dumps(text, ensure_ascii=False)
