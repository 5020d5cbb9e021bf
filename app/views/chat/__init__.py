"""The conversation's side of the window: chats, header, composer."""
