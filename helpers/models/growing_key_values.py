"""Keys and values in torch to which one more step is written, where `torch.cat` would copy all steps before it."""

import torch

from helpers.layers.transformer.key_value_cache import KeyValues

ROOM = 32  # steps, at least: what is written once has room to grow


class GrowingKeyValues(KeyValues):
    """The keys and values of S steps, which are the first S of a storage with room for more.

    States share one storage: that of step S + 1 begins with the steps of that of step S. Nothing that a state shows is
    ever written again, so a state can be kept and gone on from twice. The second time its place is taken, and the steps
    are copied into a storage of their own.
    """

    storage = None  # set where there is one: states that were put together from parts have none


class Storage:
    """Room for the keys and values of some steps, of which the first are written."""

    def __init__(self, kept, room):
        """Make room for so many steps, and copy those of `kept` to its start."""
        *leading, S, d = kept.k.shape
        self.k, self.v = (part.new_empty(*leading, room, d) for part in kept)
        self.k[..., :S, :], self.v[..., :S, :] = kept
        self.written = S

    @property
    def room(self):
        """For how many steps there is room, the written ones too."""
        return self.k.shape[-2]

    def write(self, k, v):
        """Write new steps behind the written ones: -> GrowingKeyValues of all of them."""
        start, stop = self.written, self.written + k.shape[-2]
        self.k[..., start:stop, :], self.v[..., start:stop, :] = k, v
        self.written = stop
        grown = GrowingKeyValues(self.k[..., :stop, :], self.v[..., :stop, :])
        grown.storage = self
        return grown


def append_steps(kept, k, v):
    """Add new steps behind those that are kept.

    Without gradients, T new steps behind S cost T: a storage that is full is replaced by one of twice the room, so S
    steps are copied only after about as many were added. Where gradients are wanted, all is joined anew, as nothing
    that they need may be written over.

    Parameters
    ----------
    kept : KeyValues of Tensors (..., S, d)
        It is not changed.
    k, v : Tensor (..., T, d)

    Returns
    -------
    KeyValues of Tensors (..., S + T, d)

    Raises
    ------
    ValueError
        When a shape or a dtype is not that of the steps that are kept.
    """
    for name, new, old in (("k", k, kept.k), ("v", v, kept.v)):
        if (new.shape[:-2], new.shape[-1], new.dtype) != (old.shape[:-2], old.shape[-1], old.dtype):
            raise ValueError(
                f"{name} has shape {tuple(new.shape)} and dtype {new.dtype}, expected those of the steps that are kept "
                f"but for their number, {tuple(old.shape)} and {old.dtype}"
            )
    if torch.is_grad_enabled() and any(part.requires_grad for part in (*kept, k, v)):
        return KeyValues(torch.cat([kept.k, k], dim=-2), torch.cat([kept.v, v], dim=-2))
    S, T = kept.k.shape[-2], k.shape[-2]
    storage = getattr(kept, "storage", None)
    if storage is None or storage.written != S or storage.room < S + T:
        storage = Storage(kept, max(ROOM, 2 * (S + T)))
    return storage.write(k, v)
