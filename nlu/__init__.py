"""Understanding: a resident's line in, an :class:`~nlu.understanding.Understanding` out.

Synchronous and pure; knows nothing of cases, channels or storage.
"""
