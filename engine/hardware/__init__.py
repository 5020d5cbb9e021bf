"""What machine is this, and how busy is it?

Knows drivers and the operating system, read-only. No driver is a normal answer, not an error.
"""
