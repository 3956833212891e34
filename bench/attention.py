"""The hand-written scaled dot-product attention, forward and backward, against torch's on the CPU with one thread.

Run it with `python bench/attention.py`. All sides are measured in turn in one run, by the processor's time.
Ours is `fast_attention`; beside it stands the readable `attention`, which computes the same line by line. Both also
give the weights, which torch's fused kernel never stores, and keep them for the backward pass.
"""

import os
from functools import partial
from time import process_time
from typing import NamedTuple

from in_turn import assert_equal, in_turn

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
SIZES = tuple((8, 4, T, d) for d in (32, 64) for T in (64, 128, 512))  # (batch, heads, T, d)
SECONDS = 3.0  # for each row


class Row(NamedTuple):
    work: str
    size: tuple
    ours_ms: float
    torch_ms: float
    readable_ms: float

    @property
    def ratio(self):
        """torch's time over ours: above 1 we are faster."""
        return self.torch_ms / self.ours_ms

    @property
    def factor(self):
        """The readable form's time over the fast form's."""
        return self.readable_ms / self.ours_ms


def measure(sizes=SIZES, seconds=SECONDS):
    """Yield medians for each size, forward and with backward, after asserting that all outputs are equal to 1e-5."""
    import torch

    torch.set_num_threads(1)
    for size in sizes:
        for work, ours, theirs, readable in _make_passes(*size):
            assert_equal(ours(), theirs())
            assert_equal(readable(), theirs())
            yield Row(
                work, size, *(1e3 * s for s in in_turn([ours, theirs, readable], seconds, clock=process_time, calls=6))
            )


def _make_passes(*size):
    """Functions that do the same work and return what they made: the fast form, torch, and the readable form."""
    import numpy as np
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    from helpers.layers.attention.fast import fast_attention, fast_attention_backward
    from helpers.layers.attention.scaled_dot_product import attention, attention_backward

    rng = np.random.default_rng(0)
    q, k, v, dout = (rng.standard_normal(size, dtype=np.float32) for _ in range(4))
    tensors = [torch.tensor(array) for array in (q, k, v)]
    leaves = [torch.tensor(array, requires_grad=True) for array in (q, k, v)]
    dout_torch = torch.tensor(dout)

    def forward(attend):
        out, _, _ = attend(q, k, v)
        return (out,)

    def theirs():
        return (scaled_dot_product_attention(*tensors),)

    def both(attend, attend_backward):
        out, _, cache = attend(q, k, v)
        return out, *attend_backward(dout, cache)

    def theirs_both():
        out = scaled_dot_product_attention(*leaves)
        return out.detach(), *torch.autograd.grad(out, leaves, dout_torch)

    fast_both = partial(both, fast_attention, fast_attention_backward)
    readable_both = partial(both, attention, attention_backward)
    return (
        ("forward", partial(forward, fast_attention), theirs, partial(forward, attention)),
        ("forward + backward", fast_both, theirs_both, readable_both),
    )


def main():
    os.environ |= dict.fromkeys(THREADS, "1")  # before NumPy is loaded, which reads it once
    print("batch heads     T    d  work                  ours ms   torch ms torch/ours readable/ours", flush=True)
    for row in measure():
        batch, heads, T, d = row.size
        numbers = f"{row.ours_ms:9.2f} {row.torch_ms:10.2f} {row.ratio:10.2f} {row.factor:13.2f}"
        print(f"{batch:5d} {heads:5d} {T:5d} {d:4d}  {row.work:19s} {numbers}", flush=True)


if __name__ == "__main__":
    main()
