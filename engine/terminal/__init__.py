"""The verbs of `fullbore`: what a terminal asks and shows.

Knows argparse, stdout and stderr. Decides nothing that the window would decide too.
"""
