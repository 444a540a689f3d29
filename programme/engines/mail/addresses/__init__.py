"""Whether letters may go to an address: what bounced, what its owner chose, who asked for news."""
