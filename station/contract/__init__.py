"""The contract and everything that is hashed, signed and checked: shared by the stations and the platform."""
