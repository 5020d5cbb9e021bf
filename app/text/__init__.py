"""Markdown and code become blocks, and blocks become documents.

Knows Qt's text documents. Knows no widgets and fetches nothing from anywhere.
"""
