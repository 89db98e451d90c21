"""Networks that exist already get the usual target groups, as a new one does."""

from django.db import migrations

from centres.target_groups import USUAL


def furnish(apps, schema_editor):
    network_model = apps.get_model("centres", "Network")
    group_model = apps.get_model("centres", "TargetGroup")
    group_model.objects.bulk_create(
        group_model(
            network=network,
            key=group.key,
            title=group.en,
            i18n=group.i18n,
            is_sensitive=group.is_sensitive,
            position=place,
        )
        for network in network_model.objects.filter(target_groups__isnull=True)
        for place, group in enumerate(USUAL, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("centres", "0002_resources")]
    operations = [migrations.RunPython(furnish, migrations.RunPython.noop)]
