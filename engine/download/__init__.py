"""Bring it here.

Knows the Hugging Face Hub and resumable transfers. Knows nothing of models once they have arrived.
"""
