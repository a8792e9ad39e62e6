"""The rules of casework: frozen data and plain functions, standard library only.

Nothing here reads a clock, a file, a socket or a random number: ``now`` and ids are arguments.
"""
