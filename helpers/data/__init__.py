"""What the models are trained on: vocabularies, batches, prose, a known language and small tasks with known answers."""
