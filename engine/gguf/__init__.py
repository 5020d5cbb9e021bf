"""What file is this?

Knows the GGUF format: header, metadata, tensor table. Reads; never loads weights.
"""
