"""What the bot says next: pure functions from a heard line to replies and requests."""
