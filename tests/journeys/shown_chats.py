"""Chats for pictures."""

from dataclasses import replace

from app.settings import WindowState, write_window_state
from app.store.chats import ChatStore
from app.store.values import Statistics, StoredMessage
from engine.chat import Role, StopReason
from engine.config import Home

ANSWER = '''The **closed form** follows from a telescoping identity:
$(k+1)^3 - k^3 = 3k^2 + 3k + 1$, summed over $k = 1, \\dots, n$:

$$\\sum_{k=1}^{n} k^2 = \\frac{n(n+1)(2n+1)}{6}$$

A quick numeric check in Python:

```python
def sum_squares(n: int) -> int:
    """Closed form of 1² + 2² + … + n²."""
    return n * (n + 1) * (2 * n + 1) // 6

assert all(sum_squares(n) == sum(k * k for k in range(n + 1)) for n in range(1000))
```

| n | brute force | closed form |
|---|---|---|
| 10 | 385 | 385 |
| 100 | 338 350 | 338 350 |

1. Sum both sides from 1 to *n*.
2. Solve for the sum — 证毕。
'''


def remember(home: Home) -> None:
    """Chats as if they had been."""
    store = ChatStore(home.chats)
    work = store.folders.new("Work")
    for title in ("Rust async cancellation", "Quarterly figures"):
        store.new(title=title, folder_id=work.id)
    store.amend_chat(replace(store.new(title="量化模型的显存估算"), pinned=True))
    store.new(title="Trip to Kyoto")
    chat = store.new(title="Sum of squares")
    question = "Prove the formula for 1² + 2² + … + n² and verify it numerically."
    asked = store.append(chat.id, StoredMessage(role=Role.USER, content=question))
    answer = StoredMessage(
        role=Role.ASSISTANT,
        parent_id=asked.id,
        content=ANSWER,
        reasoning="Telescoping is the shortest way, and shows where the 6 comes from.",
        reasoning_seconds=3.2,
        statistics=Statistics(
            answer_tokens=212,
            tokens_per_second=41.8,
            first_token_seconds=0.38,
            prompt_tokens=71,
            reused_tokens=38,
            stop=StopReason.END,
            model="unsloth/Qwen3-30B-A3B-GGUF:Q4_K_M",
            plan="1 card, 32k context",
        ),
    )
    store.append(chat.id, replace(answer, content="It is $n(n+1)(2n+1)/6$."))
    store.append(chat.id, answer)
    store.close()
    write_window_state(home.state / "window.json", WindowState(chat=chat.id))
