"""The placement panel: where a model goes, how fast it will be, and every choice in between."""
