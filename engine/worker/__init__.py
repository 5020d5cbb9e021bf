"""The one process that loads llama.cpp. Imported by nobody: it is reached by its pipe.

Knows the protocol and llama.cpp. Knows nothing of files on the shelf, HTTP or other workers.
"""
