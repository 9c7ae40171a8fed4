"""Recipes that make every file in ``models/``; never imported at run time."""
