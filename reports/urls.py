"""Addresses of documents."""

from django.urls import path

from .views import matrix

app_name = "reports"

urlpatterns = [
    path("", matrix.index, name="index"),
    path("<slug:cycle>/matrix.pdf", matrix.matrix_pdf, name="matrix_pdf"),
    path("<slug:cycle>/matrix.xlsx", matrix.matrix_xlsx, name="matrix_xlsx"),
]
