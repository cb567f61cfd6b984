"""Tools: what an assistant can ask of us. A module that declares a `Tool` is one (`registry`).

The others help them: `fields` and `serializers` make values of the arguments, `running` carries a
request out, and the rest understand one kind of words each.
"""
