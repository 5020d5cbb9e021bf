"""Tokens become a palette, a stylesheet, fonts and icons. Knows no screen and no product."""
