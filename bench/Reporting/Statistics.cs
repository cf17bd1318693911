namespace CioOrleans.Bench.Reporting;

/// <summary>What several scenarios compute.</summary>
internal static class Statistics
{
    /// <summary>The median; of an even number of values, the mean of the two in the middle.</summary>
    public static double Median<T>(this IEnumerable<T> items, Func<T, double> of)
    {
        var sorted = items.Select(of).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <inheritdoc cref="Median{T}"/>
    public static double Median(this IEnumerable<double> values) => values.Median(value => value);
}
