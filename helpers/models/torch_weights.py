"""Models in torch: new ones whose first weights depend on a seed alone, and weights as arrays, to be sent and set."""

import torch


def new_model(kind, *sizes, seed, **options):
    """Make a model whose first weights depend on the seed alone; torch's own generator is left as it was.

    Parameters
    ----------
    kind : class or callable
        ``kind(*sizes, **options)`` makes a Module.
    seed : int

    Returns
    -------
    Module
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return kind(*sizes, **options)


def weight_arrays(model):
    """{name: array} of copies of all weights: these need no process to hold them, as tensors do."""
    return {name: weight.numpy(force=True).copy() for name, weight in model.state_dict().items()}


def set_weights(model, arrays):
    """Give a model the weights that `weight_arrays` took from another of its kind, and return it."""
    model.load_state_dict({name: torch.from_numpy(array) for name, array in arrays.items()})
    return model


def count_weights(model):
    """The number of weights and biases, those of the embeddings included."""
    return sum(weight.numel() for weight in model.parameters())
