"""The worked example "convicted": invented data, by recipe."""
