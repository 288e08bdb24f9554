"""From a specification to the sums of a leaf of draws: what is computed once, and the kernels."""
