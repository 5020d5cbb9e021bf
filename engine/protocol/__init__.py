"""The words host and worker exchange, and how they are framed.

Knows values and bytes. Knows nothing of processes, llama.cpp or HTTP.
"""
