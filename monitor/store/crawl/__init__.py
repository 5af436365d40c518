"""Keep a run's frontier and what its pages and addresses answered."""
