namespace CioOrleans.Client.BackPressure;

/// <summary>Whether calls of a rank are taken.</summary>
public abstract record Admission
{
    private Admission()
    {
    }

    public sealed record Open : Admission
    {
        public static Open Instance { get; } = new();
    }

    /// <param name="Reason">For the caller.</param>
    /// <param name="RetryAfter">When there may be room; 1 to 10 s.</param>
    public sealed record Full(string Reason, TimeSpan RetryAfter) : Admission;
}
