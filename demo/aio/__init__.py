"""The worked example "aio": invented data, by recipe."""
