"""Memory: the only package that knows SQLAlchemy, and the only place that commits."""
