"""What file is this?

Knows the GGUF format: header, metadata, tensor table; and how such files are named. Reads; never
loads weights.
"""
