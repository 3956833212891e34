"""Drawings, a module for each subject, all in one style."""
