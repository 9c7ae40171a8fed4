"""Taggers: one adapter a file; heavy libraries are imported only when a tagger is built."""
