"""Migration operations of our own."""

from django.db.migrations.operations.base import Operation


class Together(Operation):
    """Several operations whose models are rendered once, not after each of them.

    Every model here is related to every other, the history's included, so that one by one each operation renders them
    all anew: a minute for an app. Each operation must be able to work from the state that all of them lead to, as
    CreateModel, AddTrigger and operations on other models can.
    """

    def __init__(self, operations):
        self.operations = operations

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def deconstruct(self):
        return (type(self).__name__, [], {"operations": self.operations})

    def describe(self):
        return f"{len(self.operations)} operations together"
