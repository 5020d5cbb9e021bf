"""A face for the engine: the window.

Knows Qt and the Engine. Knows nothing of llama.cpp, and opens no sockets.
"""
