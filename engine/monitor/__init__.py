"""What the memory and the time go into, and what is wrong with it. Arithmetic on values.

Knows no driver, no worker and no screen: readings and loads come in, shares, rates and alerts go
out.
"""
