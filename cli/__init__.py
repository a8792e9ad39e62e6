"""Composition: the only place that imports both doors."""
