"""How gold and predicted documents correspond; the measures built on it are in ``pipeline.evaluate``."""
