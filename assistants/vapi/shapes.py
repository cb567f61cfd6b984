"""Shapes: tools and assistants, as Vapi's API takes and lists them.

https://docs.vapi.ai/api-reference/tools/create, https://docs.vapi.ai/api-reference/assistants/create
Vapi lists more keys than these; they are kept as they are.
"""

from typing import NotRequired, TypedDict

from assistants.conversation import JSON


class Backoff(TypedDict):
    type: str
    maxRetries: int
    baseDelaySeconds: int
    excludedStatusCodes: list[int]


class Server(TypedDict):
    url: str
    timeoutSeconds: int
    backoffPlan: Backoff
    credentialId: NotRequired[str]


class Argument(TypedDict):
    """A JSON Schema; `enum` are the values it may have."""

    type: str
    description: str
    enum: NotRequired[list[str]]


class Arguments(TypedDict):
    type: str
    properties: dict[str, Argument]
    required: list[str]


class Function(TypedDict):
    name: str
    description: str
    parameters: Arguments


class StaticParameter(TypedDict):
    key: str
    value: str


class ToolMessage(TypedDict):
    """What is said while the tool works, or, as `system`, what the model is told then."""

    type: str
    content: str
    role: NotRequired[str]
    timingMilliseconds: NotRequired[int]


Tool = TypedDict(
    "Tool",
    {
        "id": str,
        "createdAt": str,
        "type": str,
        "async": bool,
        "function": Function,
        "server": Server,
        "messages": list[ToolMessage],
        "parameters": list[StaticParameter],
        "destinations": list[JSON],
    },
    total=False,
)


class ToolVersion(TypedDict):
    """A tool that is pinned to one of its versions."""

    toolId: str
    version: NotRequired[str | int]


class PromptMessage(TypedDict):
    role: str
    content: str


class Model(TypedDict, total=False):
    """`tools` are inside the assistant; `toolIds` and `toolRefs` name stored ones."""

    provider: str
    model: str
    temperature: float
    maxTokens: int
    messages: list[PromptMessage]
    tools: list[Tool]
    toolIds: list[str]
    toolRefs: list[ToolVersion]


class Voice(TypedDict):
    provider: str
    voiceId: str


class Transcriber(TypedDict):
    provider: str
    model: str
    language: str


class Assistant(TypedDict, total=False):
    id: str
    createdAt: str
    name: str
    firstMessage: str
    firstMessageMode: str
    model: Model
    voice: Voice
    transcriber: Transcriber
    server: Server
    serverMessages: list[str]
    metadata: dict[str, str]
