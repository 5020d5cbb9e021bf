"""GPU packs: what a card needs beside the bundle, brought on demand.

Knows which pack fits a driver and its cards, where its parts come from, and how they are checked.
Knows nothing of models; a worker finds the pack by its folder.
"""
