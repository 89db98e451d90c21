"""The demo network as plain data: the geography, hosts and findings of 2005 in our own words, with invented people.

The data modules import no Django; `loading` writes them into the database for `manage.py demo`. To change the demo,
change the data. Start with `network` and `matrix_2005`, which lead to everything else.
"""
