"""What every recommender is measured beside, one file each: a baseline is called with training ratings and answers scores."""
