using System.Globalization;

namespace CioOrleans.Simulation;

/// <summary>The seeds of a test: those it asks for, or the one in the environment variable <c>CIO_SEED</c>.</summary>
internal static class Seeds
{
    private static readonly string? _chosen = Environment.GetEnvironmentVariable("CIO_SEED");

    public static IEnumerable<int> Many(int count) => _chosen is null ? Enumerable.Range(1, count) : [Chosen];

    public static int One(int usual) => _chosen is null ? usual : Chosen;

    private static int Chosen => int.Parse(_chosen!, CultureInfo.InvariantCulture);
}
