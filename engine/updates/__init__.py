"""Knows whether there is a newer Fullbore, where the person agreed to ask. Installs nothing, and
believes nothing that the maintainers' key did not sign.
"""
