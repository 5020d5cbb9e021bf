"""Will it fit, and how fast?

Knows what a load takes on every card and in RAM, how fast it will run, and which placement is
best. Pure arithmetic on values: reads no file, asks no driver, loads nothing.
"""
