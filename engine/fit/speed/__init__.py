"""How fast will it run?

Knows what each token reads where, at which rates, and what a layer costs besides. Measures
nothing: rates come with the rig, measured or from the catalogue.
"""
