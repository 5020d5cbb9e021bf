"""The guide of the first run: what is its own of the screen that leads to the first chat."""
