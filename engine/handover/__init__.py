"""One Engine per home: the lock, and the door beside it for those who come second.

Knows a lock file and one loopback socket. Knows nothing of HTTP, models or windows.
"""
