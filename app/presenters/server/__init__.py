"""The Server screen: the port's switch, who may use it, what it sees, and which models it keeps.

Knows nothing of HTTP; what a client must write down is text that is made here.
"""
