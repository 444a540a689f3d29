"""Inviting people to register, with the letter that holds each one's link."""
