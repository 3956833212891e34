"""Search and sampling: from a model's probabilities of the next token to whole outputs."""
