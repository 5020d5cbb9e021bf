"""What is on the shelf?

Knows folders and files. Knows nothing of networks, processes or llama.cpp.
"""
