"""Aligning the parties' rows without showing who matches: tags, noise, oblivious moves, products on shares."""
