"""Sequence to sequence: an encoder reads, a decoder writes; with one context for everything, or with attention."""
