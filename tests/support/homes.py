"""Homes as a person might have them."""

from pathlib import Path

from engine.config import Home


def home_with(model: Path, root: Path) -> Home:
    """A home whose shelf holds that one model."""
    home = Home(root)
    home.make()
    (home.models / model.name).symlink_to(model.resolve())
    return home
