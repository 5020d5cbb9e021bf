"""llama.cpp's own answer to: how much memory would this load take, and where?

Knows how to ask a worker that loads nothing. Refuses to estimate.
"""
