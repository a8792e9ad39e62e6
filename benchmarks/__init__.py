"""Measurements. Run by hand; never part of the tests."""
