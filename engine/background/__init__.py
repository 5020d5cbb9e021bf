"""One child process for Python that keeps busy or may hang: chat templates, headers.

Knows how to ask it, and how to kill it. Other people's programs run only here.
"""
