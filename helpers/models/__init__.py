"""Whole models, put together from the layers."""
