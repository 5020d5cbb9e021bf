"""All that the window can be told to do: one table of commands, the palette and the shortcuts."""
