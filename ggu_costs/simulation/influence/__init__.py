"""Which drivers make the spread: normal scores, chosen units, Shapley effects and Sobol indices."""
