namespace CioOrleans.Simulation;

/// <summary>Draws from the one seeded source of a run.</summary>
internal static class Chance
{
    public static bool Happens(this Random random, double probability) => probability > 0 && random.NextDouble() < probability;

    /// <summary>Evenly distributed up to <paramref name="most"/>.</summary>
    public static TimeSpan UpTo(this Random random, TimeSpan most) => most * random.NextDouble();

    public static TimeSpan Between(this Random random, TimeSpan least, TimeSpan most) => least + random.UpTo(most - least);

    public static TimeSpan Exponential(this Random random, TimeSpan mean) => mean * -Math.Log(1 - random.NextDouble());

    public static TimeSpan LogNormal(this Random random, TimeSpan median, double sigma)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return median * Math.Exp(sigma * normal);
    }

    public static T OneOf<T>(this Random random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];
}
