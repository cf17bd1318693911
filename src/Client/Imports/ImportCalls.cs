using CioOrleans.Calls;

namespace CioOrleans.Client.Imports;

/// <summary>The calls of one person of an import, or why there are none.</summary>
public abstract record ImportCalls
{
    private ImportCalls()
    {
    }

    /// <param name="Customer">The ordering key.</param>
    /// <param name="Calls">One or two calls, in their order.</param>
    public sealed record Valid(string Customer, IReadOnlyList<Call> Calls) : ImportCalls;

    /// <param name="Error">What is wrong, and how to fix it.</param>
    public sealed record Invalid(string Error) : ImportCalls;
}
