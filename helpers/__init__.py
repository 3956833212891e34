"""Sequence models by hand, from one-hot vectors to GPT: the code that the chapters show, run and prove."""
