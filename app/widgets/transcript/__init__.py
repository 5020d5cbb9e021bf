"""The conversation, on one canvas: a document for each block, built near the viewport only.

Knows messages as text and how they look. Knows nothing of models, chats or where text comes from.
"""
