"""Annotated documents and how predicted ones correspond; the measures built on it are in ``pipeline.evaluate``."""
