"""Widgets that know nothing of the product: they show values and say what was done to them."""
