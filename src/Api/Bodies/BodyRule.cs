namespace CioOrleans.Api.Bodies;

/// <summary>What an operation expects as its body.</summary>
internal enum BodyRule
{
    /// <summary>Nothing; an object or <c>null</c> is taken too, because the SDKs send them.</summary>
    Nothing,

    /// <summary>An object or nothing.</summary>
    OptionalObject,

    /// <summary>Attributes of a person. No body and <c>null</c> say the same as <c>{}</c>: the Node and the Go SDK send them where there are no attributes.</summary>
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
