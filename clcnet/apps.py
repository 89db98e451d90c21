from django.apps import AppConfig


class ClcnetConfig(AppConfig):
    name = "clcnet"
