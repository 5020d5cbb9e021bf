"""Ollama's dialect: /api/chat, /api/generate and their like, with streams of JSON lines.

Knows nothing of the others.
"""
