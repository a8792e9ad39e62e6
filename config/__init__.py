"""What a city changes without a programmer: settings, words, forms, names, deadlines."""
