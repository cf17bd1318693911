namespace CioOrleans.Workspaces;

/// <summary>The result of an operator's change.</summary>
[GenerateSerializer, Immutable, Alias("cio.ChangeResult")]
public abstract record ChangeResult
{
    private ChangeResult()
    {
    }

    /// <summary>The change is on stable storage and in force.</summary>
    [GenerateSerializer, Immutable, Alias("cio.ChangeResult.Stored")]
    public sealed record Stored : ChangeResult
    {
        public static Stored Instance { get; } = new();
    }

    /// <summary>The change could not be stored and would not survive a restart.</summary>
    /// <param name="Reason">For the operator.</param>
    [GenerateSerializer, Immutable, Alias("cio.ChangeResult.Unavailable")]
    public sealed record Unavailable([property: Id(0)] string Reason) : ChangeResult;
}
