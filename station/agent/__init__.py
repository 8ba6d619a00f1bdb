"""The station at work: asks the platform what there is to do, checks it from its own store, and reacts."""
