namespace CioOrleans.Bench.Load;

/// <summary>What the caller of a send was told.</summary>
internal enum Told
{
    /// <summary>Customer.io's own 200.</summary>
    Sent,

    /// <summary>The outcome is unknown.</summary>
    Unknown,

    /// <summary>Nothing that is of use: no answer, or one that does not say which.</summary>
    Nothing,
}
