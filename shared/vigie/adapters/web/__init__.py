"""The site's pages: ``request`` reads what a browser asks, ``pages`` writes HTML, ``reply`` wraps it."""
