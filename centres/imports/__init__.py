"""Reads spreadsheets: `reader` turns an uploaded file into tables of text, `register` recognises a list of centres."""
