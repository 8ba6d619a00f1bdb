"""The worked example "energy": invented data, by recipe."""
