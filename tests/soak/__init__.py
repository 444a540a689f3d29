"""Long trials: kills, lost answers and sleep, on both databases; `make soak`."""
