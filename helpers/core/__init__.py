"""What every other room stands on: safe numerics, parameter arithmetic, initial values, optimisers, gradient checks."""
