using CioOrleans.Calls;

namespace CioOrleans.Importing;

/// <summary>What one person of an import comes to.</summary>
internal abstract record ImportCalls
{
    private ImportCalls()
    {
    }

    /// <param name="Customer">The ordering key.</param>
    /// <param name="Calls">One or two, in their order.</param>
    public sealed record Valid(string Customer, IReadOnlyList<Call> Calls) : ImportCalls;

    /// <param name="Error">What is wrong, and what to do.</param>
    public sealed record Invalid(string Error) : ImportCalls;
}
