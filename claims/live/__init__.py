"""Live updates: what the database announces, passed on to the browsers that have the article open."""
