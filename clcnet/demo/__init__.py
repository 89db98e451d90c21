"""The demo network as plain data: the geography, hosts and findings of 2005 in our own words, with invented people.

The data modules import no Django; `loading` writes them into the database for `manage.py demo`, with `register`,
`people` and `courses` for the trainees and their groups, `resources` for what the centres have, and `present` for what
goes on today. To change the demo, change the data. Start with `network`, `matrix_2005` and `courses_2005`, which lead
to everything else.
"""
