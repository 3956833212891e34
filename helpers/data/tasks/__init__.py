"""Small tasks whose right answers are known."""
