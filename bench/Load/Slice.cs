using System.Globalization;

namespace CioOrleans.Bench.Load;

/// <summary>A period of load on one endpoint, in the form of the generator's command line: <c>durable:5s</c>, <c>durable:1000000</c> or <c>durable:5s@10000</c>.</summary>
/// <param name="Endpoint"><c>durable</c> or <c>nothing</c>.</param>
/// <param name="Seconds">How long; null where <paramref name="Calls"/> says when it ends.</param>
/// <param name="Calls">How many calls; null where <paramref name="Seconds"/> says when it ends.</param>
internal sealed record Slice(string Endpoint, double? Seconds, int? Calls)
{
    /// <summary>Requests a second, at even intervals; null for as many as the connections carry.</summary>
    public int? PerSecond { get; init; }

    public const string Durable = "durable";
    public const string Nothing = "nothing";

    public static Slice For(string endpoint, double seconds) => new(endpoint, seconds, null);

    public static Slice Of(string endpoint, int calls) => new(endpoint, null, calls);

    public static Slice Parse(string text)
    {
        var parts = text.Split(':', '@');
        if (parts is not ([Durable or Nothing, _] or [Durable or Nothing, _, _]))
        {
            throw new FormatException($"'{text}' is no slice; allowed is durable or nothing, a colon, 5s or a number of calls, and @ with requests a second");
        }

        var slice = parts[1].EndsWith('s') ? For(parts[0], double.Parse(parts[1][..^1], CultureInfo.InvariantCulture)) : Of(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture));
        return parts is [_, _, var rate] ? slice with { PerSecond = int.Parse(rate, CultureInfo.InvariantCulture) } : slice;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Endpoint}:{(Seconds is { } seconds ? $"{seconds.ToString(CultureInfo.InvariantCulture)}s" : Calls)}{(PerSecond is { } rate ? $"@{rate}" : "")}");
}
