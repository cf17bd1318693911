namespace CioOrleans.Api.Answers;

/// <summary>The two forms in which the Track API reports an error.</summary>
internal enum ErrorShape
{
    /// <summary><c>{"meta":{"errors":["…"]}}</c></summary>
    List,

    /// <summary><c>{"meta":{"error":"…"}}</c></summary>
    Single,
}
