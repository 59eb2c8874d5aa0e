"""The language: from text to evaluated blocks. Knows nothing of data centres."""
