"""One conversation: what was said, its versions, the answer in progress, and what fits.

Knows no widget, and no list of chats but as a fact that changed.
"""
