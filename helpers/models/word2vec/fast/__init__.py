"""word2vec trained by blocks of the text: the same steps as the readable form, as matrix products."""
