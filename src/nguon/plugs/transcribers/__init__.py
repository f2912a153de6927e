"""Recognisers of speech. Which ones a server has stands in its settings; without a model there is none."""
