"""Find the 栏目 of a site, what they are for, and what is in them."""
