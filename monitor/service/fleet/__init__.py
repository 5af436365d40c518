"""Run inspections on many machines, through a queue in the database (PostgreSQL).

The only package that imports Procrastinate, and it is imported where ``engine.kind`` asks for it alone. A scheduler
puts a job an inspection into the queue (``dispatch``), one of several leads (``leadership``); workers take jobs
(``worker``) while they hold a lease on them (``lease``).
"""
