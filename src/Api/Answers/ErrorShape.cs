namespace CioOrleans.Api.Answers;

/// <summary>The forms in which Customer.io's APIs report an error.</summary>
internal enum ErrorShape
{
    /// <summary><c>{"meta":{"errors":["…"]}}</c></summary>
    List,

    /// <summary><c>{"meta":{"error":"…"}}</c></summary>
    Single,

    /// <summary>
    /// <c>{"code":"…","message":"…","meta":{"errors":["…"]}}</c>: the Pipelines API's documented form, with <c>code</c> and <c>message</c> added. Without
    /// these members its Python SDK treats the error as temporary and repeats the request.
    /// </summary>
    Pipelines,

    /// <summary>The App API's form, except of sends and broadcasts; see <see cref="AppAnswer"/>.</summary>
    App,
}
