namespace CioOrleans.Api.Bodies;

/// <summary>What an operation expects as its body.</summary>
internal enum BodyRule
{
    /// <summary>No body. An object or <c>null</c> is accepted too, because SDKs send them.</summary>
    Nothing,

    /// <summary>An object or no body.</summary>
    OptionalObject,

    /// <summary>Attributes of a person. No body and <c>null</c> mean <c>{}</c>: the Node and the Go SDK send them if there are no attributes.</summary>
    Identify,

    /// <summary><c>{"device":{"id", "platform", …}}</c></summary>
    Device,

    /// <summary><c>{"name", "type", "id", "timestamp", "data"}</c></summary>
    Event,

    /// <summary>Like <see cref="Event"/>, with an <c>anonymous_id</c>.</summary>
    AnonymousEvent,

    /// <summary><c>{"primary":{…}, "secondary":{…}}</c></summary>
    Merge,

    /// <summary><c>{"ids":[…]}</c></summary>
    Segment,

    /// <summary><c>{"data":{…}}</c></summary>
    Form,

    /// <summary><c>{"delivery_id", …}</c></summary>
    Metric,
}
