"""Recipes: each one is a package with a command line of its own."""
