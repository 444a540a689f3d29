"""Letters about somebody's account, their address, and the end of both."""
