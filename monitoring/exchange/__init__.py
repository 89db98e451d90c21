"""Questionnaires and answers as files: a form for ODK and KoBoToolbox, their exports, a centre's own workbook."""
