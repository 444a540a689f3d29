"""A mailbox that is read over a socket."""
