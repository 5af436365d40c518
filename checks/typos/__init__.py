"""Find typos that a proofreader would sign, in layers that explain themselves."""
