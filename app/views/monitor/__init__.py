"""What the machine and the answer in progress are doing."""
