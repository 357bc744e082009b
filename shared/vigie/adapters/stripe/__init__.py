"""Stripe's API over plain HTTPS: forms in, JSON out. No card data passes here: Stripe's own pages take it."""
