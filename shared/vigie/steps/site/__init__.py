"""What signed links let people read and do on the site."""
