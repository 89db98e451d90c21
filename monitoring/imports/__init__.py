"""Reads a monitoring matrix from a spreadsheet: bytes -> tables -> parsed matrix -> plan -> database.

`centres.imports.reader` turns an uploaded file into tables of text, `matrix` recognises a monitoring matrix in them,
`plan` compares it with a cycle and writes it. `labels` holds the words that imports and exports share.
"""
