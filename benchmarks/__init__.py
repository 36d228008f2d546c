"""Speed and memory, measured against a bare scan in the same run: machines are noisy, ratios less so."""
