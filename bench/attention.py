"""The hand-written scaled dot-product attention, forward and backward, against torch's on the CPU with one thread.

Run it with `python bench/attention.py`. Both sides are measured in turn in one run, so that a busy machine slows both.
Ours also gives the weights, which torch's fused kernel never stores; ours keeps them for the backward pass.
"""

import os
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

    @property
    def ratio(self):
        """torch's time over ours: above 1 we are faster."""
        return self.torch_ms / self.ours_ms


def measure(sizes=SIZES, seconds=SECONDS):
    """Yield medians for each size, forward and with backward, after asserting that all outputs are equal to 1e-5."""
    import torch

    torch.set_num_threads(1)
    for size in sizes:
        for work, ours, theirs in _make_passes(*size):
            assert_equal(ours(), theirs())
            ours_s, torch_s = in_turn([ours, theirs], seconds)
            yield Row(work, size, 1e3 * ours_s, 1e3 * torch_s)


def _make_passes(*size):
    """Pairs of functions that do the same work and return what they made, one in NumPy and one in torch."""
    import numpy as np
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    from helpers.layers.attention.scaled_dot_product import attention, attention_backward

    rng = np.random.default_rng(0)
    q, k, v, dout = (rng.standard_normal(size, dtype=np.float32) for _ in range(4))
    tensors = [torch.tensor(array) for array in (q, k, v)]
    leaves = [torch.tensor(array, requires_grad=True) for array in (q, k, v)]
    dout_torch = torch.tensor(dout)

    def ours():
        out, _, _ = attention(q, k, v)
        return (out,)

    def theirs():
        return (scaled_dot_product_attention(*tensors),)

    def ours_both():
        out, _, cache = attention(q, k, v)
        return out, *attention_backward(dout, cache)

    def theirs_both():
        out = scaled_dot_product_attention(*leaves)
        return out.detach(), *torch.autograd.grad(out, leaves, dout_torch)

    return ("forward", ours, theirs), ("forward + backward", ours_both, theirs_both)


def main():
    os.environ |= dict.fromkeys(THREADS, "1")  # before NumPy is loaded, which reads it once
    print("batch heads     T    d  work                  ours ms   torch ms torch/ours", flush=True)
    for row in measure():
        batch, heads, T, d = row.size
        numbers = f"{row.ours_ms:9.2f} {row.torch_ms:10.2f} {row.ratio:10.2f}"
        print(f"{batch:5d} {heads:5d} {T:5d} {d:4d}  {row.work:19s} {numbers}", flush=True)


if __name__ == "__main__":
    main()
