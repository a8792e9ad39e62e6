"""The resident's door: channels, the inbox, the dialogue and the relay."""
