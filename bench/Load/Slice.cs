using System.Globalization;

namespace CioOrleans.Bench.Load;

/// <summary>A period of load on one endpoint, in the form of the generator's command line: <c>durable:5s</c> or <c>durable:1000000</c>.</summary>
/// <param name="Endpoint"><c>durable</c> or <c>nothing</c>.</param>
/// <param name="Seconds">How long; null where <paramref name="Calls"/> says when it ends.</param>
/// <param name="Calls">How many calls; null where <paramref name="Seconds"/> says when it ends.</param>
internal sealed record Slice(string Endpoint, double? Seconds, int? Calls)
{
    public const string Durable = "durable";
    public const string Nothing = "nothing";

    public static Slice For(string endpoint, double seconds) => new(endpoint, seconds, null);

    public static Slice Of(string endpoint, int calls) => new(endpoint, null, calls);

    public static Slice Parse(string text) => text.Split(':') is [Durable or Nothing, var length]
        ? length.EndsWith('s')
            ? For(text.Split(':')[0], double.Parse(length[..^1], CultureInfo.InvariantCulture))
            : Of(text.Split(':')[0], int.Parse(length, CultureInfo.InvariantCulture))
        : throw new FormatException($"'{text}' is no slice; allowed is durable or nothing, a colon, and 5s or a number of calls");

    public override string ToString() => Seconds is { } seconds
        ? string.Create(CultureInfo.InvariantCulture, $"{Endpoint}:{seconds}s")
        : string.Create(CultureInfo.InvariantCulture, $"{Endpoint}:{Calls}");
}
