"""The sidebar's state: which chats there are, where they stand, what was found in them."""
