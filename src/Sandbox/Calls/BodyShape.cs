namespace CioOrleans.Sandbox.Calls;

/// <summary>What a body is as JSON.</summary>
internal enum BodyShape
{
    Empty,
    Null,
    Object,
    Other,
    Malformed,
}
