"""Addresses of documents."""

from django.urls import path

from . import views

app_name = "reports"

urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:cycle>/matrix.pdf", views.matrix_pdf, name="matrix_pdf"),
    path("<slug:cycle>/matrix.xlsx", views.matrix_xlsx, name="matrix_xlsx"),
]
