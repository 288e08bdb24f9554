"""From a model file to arrays: what a programme file says, checked, and the specification made of it."""
