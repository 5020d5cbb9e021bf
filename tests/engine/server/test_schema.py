"""Whatever JSON comes in, it is either a request or a complaint that names a field."""

import json
import subprocess
import sys

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.server.openai.schema import ChatBody
from engine.server.openai.wishes import chat_requests

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["user", "tool", "system", "text", "json_object", -1])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["role", "content", "type", "text", "include_usage", "7", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
FIELDS = st.dictionaries(st.sampled_from(sorted(ChatBody.model_fields)), JSON, max_size=5)
MESSAGES = st.lists(st.fixed_dictionaries({"role": st.just("user"), "content": st.text()}))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FIELDS, MESSAGES | JSON)
def test_that_any_json_is_a_request_or_a_complaint(
    fields: dict[str, object], messages: object
) -> None:
    text = json.dumps({"messages": messages, **fields})
    try:
        body = ChatBody.model_validate_json(text)
    except ValidationError:
        return
    requests = chat_requests(body)
    assert len(requests) == (body.n or 1)
    assert all(0 <= (request.sampling.seed or 0) < 2**32 for request in requests)


def test_that_a_port_costs_no_import_before_it_opens() -> None:
    code = "import sys, engine.server.port; print({'fastapi', 'uvicorn'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"
