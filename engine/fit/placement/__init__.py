"""The best way to lay a model over a rig, with its reasons, and what else there is."""
