namespace CioOrleans.Sandbox.Calls;

/// <summary>The kind of JSON that a body is.</summary>
internal enum BodyShape
{
    Empty,
    Null,
    Object,
    Other,
    Malformed,
}
