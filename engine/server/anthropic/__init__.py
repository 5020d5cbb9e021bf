"""Anthropic's dialect: /v1/messages and what belongs to it. Knows nothing of the others."""
