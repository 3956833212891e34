"""The hand-written convolution, forward and backward, against torch's on the CPU with one thread.

Ours is the fast form, which models train with; the last column compares it with the readable one.
Run it with `OPENBLAS_NUM_THREADS=1 python bench/convolution.py`. All are measured in turn in one run, so that a busy
machine slows all of them.
"""

from time import process_time
from typing import NamedTuple

import numpy as np
import torch
from in_turn import assert_equal, in_turn

from helpers.layers.convolution import conv2d, conv2d_backward, init_conv2d
from helpers.layers.convolution.fast import fast_conv2d, fast_conv2d_backward

SIZES = ((16, 3, 16, 32, 3), (16, 16, 32, 16, 3), (32, 32, 32, 8, 3))  # B, C, D, rows and columns, those of a filter
SECONDS = 3.0  # for each size


class Row(NamedTuple):
    size: tuple
    ours_ms: float
    torch_ms: float
    readable_ms: float


def measure(sizes=SIZES, seconds=SECONDS, clock=process_time):
    """Yield medians for each size, after asserting that outputs and gradients are equal to 1e-5."""
    torch.set_num_threads(1)
    for size in sizes:
        ours, theirs, readable = make_passes(*size)
        for found in (ours(), readable()):
            assert_equal(found, theirs())
        times = in_turn([ours, theirs, readable], seconds, clock=clock)
        yield Row(size, *(1e3 * time for time in times))


def make_passes(B, C, D, rows, h):
    """Functions that do the same work and return the output and all gradients: the fast form, torch, the readable."""
    rng = np.random.default_rng(0)
    x, params = rng.standard_normal((B, C, rows, rows), dtype=np.float32), init_conv2d(rng, C, D, h, np.float32)
    dy = rng.standard_normal((B, D, rows, rows), dtype=np.float32)
    leaves, dy_torch = [torch.tensor(array, requires_grad=True) for array in (x, *params)], torch.tensor(dy)

    def passes(forward, backward):
        y, cache = forward(x, params, padding=h // 2)
        dx, grads = backward(dy, cache, params)
        return y, dx, *grads

    def theirs():
        y = torch.nn.functional.conv2d(*leaves, padding=h // 2)
        return y.detach(), *torch.autograd.grad(y, leaves, dy_torch)

    return (
        lambda: passes(fast_conv2d, fast_conv2d_backward),
        theirs,
        lambda: passes(conv2d, conv2d_backward),
    )


def main():
    print("   B    C    D rows    h   ours ms   torch ms torch/ours readable/ours   (1 thread, time of the processor)")
    for size, ours, theirs, readable in measure():
        sizes = " ".join(f"{number:4d}" for number in size)
        print(f"{sizes} {ours:9.2f} {theirs:10.2f} {theirs / ours:10.2f} {readable / ours:13.1f}", flush=True)


if __name__ == "__main__":
    main()
