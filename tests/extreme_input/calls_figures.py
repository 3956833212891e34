"""Valid calls of helpers.figures: those that compute something; what they only draw, Matplotlib judges."""

CALLS = []
NOT_SPOILED = {}
