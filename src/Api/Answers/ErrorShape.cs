namespace CioOrleans.Api.Answers;

/// <summary>The forms in which the Track and the Pipelines API report an error.</summary>
internal enum ErrorShape
{
    /// <summary><c>{"meta":{"errors":["…"]}}</c></summary>
    List,

    /// <summary><c>{"meta":{"error":"…"}}</c></summary>
    Single,

    /// <summary>
    /// <c>{"code":"…","message":"…","meta":{"errors":["…"]}}</c>: the Pipelines API's documented form, behind the two members without which its Python SDK
    /// takes an error for one that a repeat may cure.
    /// </summary>
    Pipelines,
}
