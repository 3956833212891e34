"""Figures: the slider that never dies, one style for all, and a drawing module for each subject."""
