"""Keep runs, pages, targets and findings; the only package that imports SQLAlchemy."""
