"""Many workers, seen from outside: spawn, watch, route, let go.

Knows processes and the protocol. Knows nothing of HTTP or Qt.
"""
