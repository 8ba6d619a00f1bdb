"""Our own data stations: they ask for work themselves, so starting is writing down what there is to do."""
