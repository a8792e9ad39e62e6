"""Every verb that changes state: load → rule → save under the expected epoch or version → events.

A verb is a function of a transaction; the caller decides when to commit.
"""
