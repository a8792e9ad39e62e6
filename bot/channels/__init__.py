"""The channels residents speak through, behind one interface."""
