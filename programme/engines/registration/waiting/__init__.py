"""The waiting list: who moves up, and where each stands."""
