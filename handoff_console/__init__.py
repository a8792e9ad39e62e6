"""The officer's door: console, live page, digests and the clock."""
