"""Knows how chats lie on the disk: schema, migrations, what to do with a broken file.

Refuses to know Qt, and what an answer is for.
"""
