"""Layers in NumPy: each forward pass with its backward pass directly below it."""
