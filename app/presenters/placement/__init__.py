"""The placement panel's state: what the person pinned, and what the planner makes of it.

Decides what a drag, a switch or a field means for the wish. Knows no widgets, and no bytes that
the planner did not tell.
"""
