"""Lists of the training register from spreadsheets and into them.

`sheet` recognises the headings, `columns` reads one cell, `kinds` says what the five lists hold and what makes two rows
the same, `cleaning` turns rows of text into values or problems. From there two paths lead to the same result: `stock`
through django-import-export for up to 1,000 rows, `bulk` through COPY and set-based checks for more. `jobs` runs them.
"""
