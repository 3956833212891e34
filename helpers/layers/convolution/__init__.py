"""Layers over pictures (B, C, H, W): convolution, pooling, batch normalisation.

The convolution here reads like its equation. `helpers.layers.convolution.fast` has the form that models train with.
"""

from helpers.layers.convolution.batch_norm import (
    BatchNormParams,
    RunningStatistics,
    batch_norm,
    batch_norm_backward,
    init_batch_norm,
)
from helpers.layers.convolution.conv2d import (
    ConvParams,
    conv2d,
    conv2d_backward,
    init_conv2d,
    output_size,
    receptive_field,
)
from helpers.layers.convolution.pooling import max_pool2d, max_pool2d_backward, mean_pool2d, mean_pool2d_backward

__all__ = [
    "BatchNormParams",
    "ConvParams",
    "RunningStatistics",
    "batch_norm",
    "batch_norm_backward",
    "conv2d",
    "conv2d_backward",
    "init_batch_norm",
    "init_conv2d",
    "max_pool2d",
    "max_pool2d_backward",
    "mean_pool2d",
    "mean_pool2d_backward",
    "output_size",
    "receptive_field",
]
