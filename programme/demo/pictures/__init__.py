"""The demonstration's pictures: drawn when it is told, so that none lies in the repository."""
