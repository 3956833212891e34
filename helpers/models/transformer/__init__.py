"""The Transformer in torch: encoder and decoder over torch's own layers, decoding with a cache, and training."""
