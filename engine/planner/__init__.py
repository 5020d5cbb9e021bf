"""Plans for this machine: puts together a model's header, the rig, the closed forms and dry runs.

Knows what the cards hold now and what was measured; decides nothing itself: `fit` does.
"""
