"""All steps of a sequence as rows of one matrix, and steps in pieces that fit into the processor's cache."""


def flat(steps):
    """(T, B, D) as (T · B, D): one product over all steps is one call of BLAS."""
    return steps.reshape(-1, steps.shape[-1])


def blocks(T, size, most=65536):
    """Cut T steps of `size` numbers into slices of at most `most` numbers, or of one step.

    What is done for many steps at once saves calls while they fit into the processor's cache, and loses time beyond.
    """
    length = max(1, most // size)
    return [slice(start, min(start + length, T)) for start in range(0, T, length)]
