"""One inspection from start to finish: crawl, judge, look again, compare, close; with its workers."""
