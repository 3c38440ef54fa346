"""`make bench`: the numbers that were promised, each as a ratio or a count of one run."""
