"""Pictures of a report's figures, as SVG inside the page, each with the words and the table that stand for it."""
