"""Widgets of the product: they show what presenters publish and say what the person did."""
