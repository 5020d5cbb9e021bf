"""What the page says in sentences, in Markdown. Fields have theirs in `fields`."""

PREFACE = """\
While Fullbore runs, other programs can use its models at `http://127.0.0.1:11711`. If that port is
taken, the next free one of the twenty above it is used; the window and `fullbore serve` show
which. A port that was asked for by name (`fullbore serve --port 8000`) is used or refused, never
exchanged. With a key set, every path but `/health` asks for `Authorization: Bearer KEY`.

The dialects are OpenAI's, Anthropic's and Ollama's. Any client that lets you set a base URL works:

```sh
curl http://127.0.0.1:11711/v1/chat/completions \\
  -H 'Content-Type: application/json' \\
  -d '{"messages": [{"role": "user", "content": "Why is the sky blue?"}], "stream": true}'
```

```python
from openai import OpenAI

client = OpenAI(base_url="http://127.0.0.1:11711/v1", api_key="unused")
model = client.models.list().data[0].id
stream = client.chat.completions.create(
    model=model,
    messages=[{"role": "user", "content": "Why is the sky blue?"}],
    stream=True,
)
for chunk in stream:
    print(chunk.choices[0].delta.content or "", end="", flush=True)
```

Anthropic's clients take `http://127.0.0.1:11711` as their base URL, Ollama's the same as their
host.

`null` means unset. Fields that are not listed here are ignored. What cannot be honoured is refused
with a sentence. A model that a request names and that is not loaded is loaded first; without a name
it is the one that is loaded.
"""

OPENAI_TEXT = """\
A failure has OpenAI's shape, and a message that says what happened and what to do."""

CHAT_TEXT = """\
Roles are `system`, `developer` (the same as system), `user`, `assistant` (with `tool_calls`, if it
made any) and `tool` (with the `tool_call_id` it answers). Content is a string or a list of parts,
`text` and `image_url`; a picture is in the request itself (`data:image/png;base64,…`; PNG, JPEG,
GIF or BMP). An assistant's `reasoning_content` is taken back."""

CHAT_AFTER = """\
What a model thinks before it answers comes apart from the answer, as `reasoning_content` beside
`content`. `finish_reason` is `stop` (the model ended, or a stop string appeared), `length`, or
`tool_calls`. Calls stream as OpenAI's clients add them up. `usage` counts the prompt once, however
many answers there are; `cached_tokens` is the part of the prompt that an earlier request had
already paid for. `timings` says what the answer cost, in llama-server's words (`prompt_n`,
`prompt_ms`, `predicted_n`, `predicted_per_second`, `draft_n_accepted` …) and two more, `queue_ms`
and `first_token_ms`: beside `usage`, in the last chunk of a stream, and with `n` > 1 in each
choice.

Closing the connection cancels the answer within one step of the model. While a model loads, a
stream carries a comment (`: waiting`) every ten seconds, so that nothing on the way takes it for
dead."""

RESPONSES_TEXT = """\
Responses and what they answered are kept in memory, up to a limit, while the port is open, unless
`store` is false; `previous_response_id` goes on from one of them. They are there for the key that
they were asked with alone. The knobs of the other dialects are taken here, too."""

VECTORS_TEXT = """\
A model that was made for vectors or for ranking is told by its header, and loaded for that; it
writes no text, and asking another model for vectors is refused (`wrong_purpose`). Texts of one
request, and of several, are read side by side. Vectors have the length 1. A text that is longer
than the model reads is refused (`text_too_long`), or with `"truncate": true` cut at its end."""

RERANK_TEXT = """\
`results` are the best first: `index` is the place in the request, `relevance_score` goes from 0 to
1, and the `document` is there if asked for."""

ANTHROPIC_TEXT = """\
Fields that only steer Anthropic's own machines (`cache_control`, `metadata` …) are ignored. While a
model loads, a stream carries `ping` events. Failures have Anthropic's shape."""

OLLAMA_TEXT = """\
Streams are lines of JSON. Options of a load (`num_ctx`, `num_gpu` …) change nothing and fail
nothing: how a model is loaded is chosen in Fullbore, and not by whoever asks last. `/api/ps`
(`context_length`) and `/api/show` (`num_ctx`) tell the context that is loaded. A prompt that fits
it is answered whatever `num_ctx` says; a longer one is refused with both numbers, not cut in
silence, and where `num_ctx` asked for more than is loaded, the failure says so. Durations are
nanoseconds.

`keep_alive` says how long a model that was loaded for a request stays without another: seconds or
`"5m"`; negative: for ever; 0: it leaves when its answers are written. A chat or a prompt without
words loads the model, and with `keep_alive` 0 unloads it at once, which asks for a key with the
scope `models`."""

REFUSED_TEXT = """\
Answered with 501 and a sentence that says how it is done instead."""

FAILURES = """\
Every failure has the shape of its path's dialect, and a message that says what happened and what to
do:

```json
{"error": {"message": "No model is called 'gpt-5'. Choose one of the models in the library.",
           "type": "invalid_request_error", "param": "model", "code": "model_not_found"}}
```

| Status | `code` |
|---|---|
STATUSES

An answer outlives the process that writes it: should that end, the answer goes on in another, once,
where it was, and only those with a format or a call begun, which cannot be taken up, fail.
`x-should-retry: true` marks the failures where the same request may well succeed; OpenAI's clients
then repeat it by themselves. `Retry-After` says for how long to wait, where that is known. A
failure after the first words of a stream arrives as its last event; the dialects' own clients raise
it.
"""
