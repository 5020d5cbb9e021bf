"""Everything that is true without a screen: models, machines, memory, answers, the local port.

Knows nothing of Qt. Outsiders hold one object, `engine.engine.Engine`.
"""
