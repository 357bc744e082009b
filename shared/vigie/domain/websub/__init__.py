"""WebSub (W3C Recommendation, 23 January 2018): feeds that are pushed to us. Pure decisions."""
