"""Understanding English by lists of words, beside the engine that was trained on Chinese."""
