"""Measuring engines against each other: figures, pictures, servers under load, learning curves.

Nothing that serves imports this.
"""
