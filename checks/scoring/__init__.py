"""Score a site by an official score sheet: points, deductions with their faults, vetoes with their evidence."""
