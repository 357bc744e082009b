"""What work costs: a dated price table, what each kind of work asks of the cloud, and what a month came to."""
