"""Questions asked of a simulated programme, each answered with a frame."""
