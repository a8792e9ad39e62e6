"""The console's routes, one file per noun. Each route declares who may call it."""
