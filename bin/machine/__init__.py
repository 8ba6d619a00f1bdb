"""What a bare machine needs to run NICPET. Standard library only: this runs before anything is installed."""
