"""The hand-written CTC loss with its gradient, against torch.nn.functional.ctc_loss on the CPU with one thread.

Ours is the fast form, which models train with; the last column compares it with the readable one. All start from the
logits and end with their gradient; none of them calls a matrix product, so only torch has threads to be set.
Run it with `python bench/ctc.py`. All are measured in turn in one run, so that a busy machine slows all of them.
"""

from time import process_time
from typing import NamedTuple

import numpy as np
import torch
from in_turn import assert_equal, in_turn

from helpers.layers.ctc.fast import fast_ctc_loss, fast_ctc_loss_backward
from helpers.layers.ctc.loss import ctc_loss, ctc_loss_backward

SIZES = ((50, 16, 10, 30), (200, 16, 40, 30), (500, 8, 100, 60))  # (T, B, U, V)
SECONDS = 6.0  # for each size


class Row(NamedTuple):
    size: tuple
    ours_ms: float
    torch_ms: float
    readable_ms: float


def measure(sizes=SIZES, seconds=SECONDS, clock=process_time):
    """Yield medians for each size, after asserting that losses and gradients are equal to 1e-5."""
    torch.set_num_threads(1)
    for size in sizes:
        ours, theirs, readable = make_passes(*size)
        wanted = make_passes(*size, dtype=np.float64)[1]()  # torch's float32 itself loses digits in a long sum
        for found in (ours(), readable()):
            assert_equal(found, wanted)
        fast_s, torch_s = in_turn([ours, theirs], seconds, clock=clock)
        (readable_s,) = in_turn([readable], least=3, clock=clock)
        yield Row(size, 1e3 * fast_s, 1e3 * torch_s, 1e3 * readable_s)


def make_passes(T, B, U, V, dtype=np.float32):
    """Functions that do the same work and return the loss and its gradient: the fast form, torch, the readable form."""
    rng = np.random.default_rng(0)
    logits, targets = rng.standard_normal((T, B, V), dtype=np.float32).astype(dtype), rng.integers(1, V, (U, B))
    z, letters = torch.tensor(logits, requires_grad=True), torch.tensor(targets.T.copy())
    lengths = torch.full((B,), T), torch.full((B,), U)

    def passes(forward, backward):
        loss, cache = forward(logits, targets)
        return np.array(loss), backward(cache)

    def theirs():
        loss = torch.nn.functional.ctc_loss(z.log_softmax(-1), letters, *lengths, reduction="sum") / B
        (gradient,) = torch.autograd.grad(loss, z)
        return loss.detach(), gradient

    return (
        lambda: passes(fast_ctc_loss, fast_ctc_loss_backward),
        theirs,
        lambda: passes(ctc_loss, ctc_loss_backward),
    )


def main():
    print("   T    B    U    V   ours ms   torch ms torch/ours readable/ours   (1 thread, time of the processor)")
    for (T, B, U, V), ours, theirs, readable in measure():
        sizes = f"{T:4d} {B:4d} {U:4d} {V:4d}"
        print(f"{sizes} {ours:9.2f} {theirs:10.2f} {theirs / ours:10.2f} {readable / ours:13.1f}", flush=True)


if __name__ == "__main__":
    main()
