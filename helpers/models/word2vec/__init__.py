"""word2vec: two contexts, four outputs, and a fast way to train any pair of them."""
