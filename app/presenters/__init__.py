"""Know one screen's state, signals and verbs, and ask the engine through the bridge.

Refuse to know widgets, and each other.
"""
