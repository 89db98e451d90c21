"""Lists of the training register from spreadsheets and into them.

`sheet` recognises the headings, `columns` reads one cell, `kinds` says what the five lists hold and what makes two
rows the same (`kind` is what they share), `cleaning` turns rows of text into values or problems. From there two paths
lead to the same result: `stock` through django-import-export for up to 1,000 rows, `bulk` through COPY for more;
`rules` asks the table's constraints of all rows at once. `jobs` runs them, up to 100 rows while the person waits,
more in the background.
"""
