"""What the scripts of this folder share: to measure several ways of one piece of work in turn, and to compare them."""

from statistics import median
from time import perf_counter


def in_turn(functions, seconds=0.0, least=5, clock=perf_counter, calls=1):
    """Call all functions, one after the other, again and again, so that a busy machine slows all of them.

    Parameters
    ----------
    functions : list of callables
        None takes an argument.
    seconds : float
        How long, by the clock on the wall.
    least : int
        How often each is called at least.
    clock : callable
        What tells the time: `perf_counter`, or `process_time` to count this process alone.
    calls : int
        How often each is called in its turn. With several, what one function does to the memory of the next (the C
        library gives free memory back to the system, and must ask for it again) falls into few of the calls.

    Returns
    -------
    list of float
        The median time of each, in seconds.
    """
    times = [[] for _ in functions]
    end = perf_counter() + seconds
    while perf_counter() < end or len(times[0]) < least:
        for function, taken in zip(functions, times, strict=True):
            for _ in range(calls):
                begin = clock()
                function()
                taken.append(clock() - begin)
    return [median(taken) for taken in times]


def assert_equal(ours, theirs):
    """Arrays and the tensors that they should equal: each to 1e-5 of its largest number."""
    import numpy as np

    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b.numpy(), rtol=1e-5, atol=1e-5 * np.abs(a).max())
