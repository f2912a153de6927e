from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0007_first_retention")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=~models.Q(held=""), fields=["received_at"], name="case_held"),
        ),
    ]
