"""Updates: a signed list of releases, asked for only with the person's leave.

Knows a manifest, its signature and version numbers. Installs nothing by itself.
"""
