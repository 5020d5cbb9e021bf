"""The local port: HTTP in other people's dialects over the one Host.

Knows HTTP and JSON. Holds no state of a conversation.
"""
