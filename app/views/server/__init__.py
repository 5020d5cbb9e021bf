"""The local port: its address and its switch."""
