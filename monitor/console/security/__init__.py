"""Keep strangers out before a page is asked: whose headers count, under which names we answer, how much is read."""
