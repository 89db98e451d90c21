"""The demo network as plain data: the geography, hosts and findings of 2005 in our own words, with invented people.

Nothing here imports Django. `manage.py demo` reads these modules and writes the database; to change the demo,
change the data. Start with `network` and `matrix_2005`, which lead to everything else.
"""
