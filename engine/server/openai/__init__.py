"""OpenAI's dialect, and what llama-server, vLLM, Jina and Cohere add to it.

Knows the shapes of /v1/chat/completions, /v1/completions, /v1/embeddings, /v1/rerank and
/v1/models. Knows nothing of the other dialects.
"""
