namespace CioOrleans.Simulation;

/// <summary>The network: how long a request takes to arrive, and its response to come back.</summary>
internal abstract record Latency
{
    public abstract (TimeSpan Out, TimeSpan Back) Draw(Random random);

    /// <summary>The same both ways, always.</summary>
    public sealed record Constant(TimeSpan RoundTrip) : Latency
    {
        public override (TimeSpan Out, TimeSpan Back) Draw(Random random) => (RoundTrip / 2, RoundTrip / 2);
    }

    /// <summary>A least time plus an exponential, capped; split anew between the two ways each time.</summary>
    public sealed record Exponential(TimeSpan Least, TimeSpan Mean, TimeSpan Most) : Latency
    {
        public override (TimeSpan Out, TimeSpan Back) Draw(Random random)
        {
            var total = Least + random.Exponential(Mean - Least);
            total = total < Most ? total : Most;
            var @out = total * (0.25 + (0.5 * random.NextDouble()));
            return (@out, total - @out);
        }
    }

    /// <summary>Each way log-normal.</summary>
    public sealed record LogNormal(TimeSpan Median, double Sigma) : Latency
    {
        public override (TimeSpan Out, TimeSpan Back) Draw(Random random) =>
            (random.LogNormal(Median / 2, Sigma), random.LogNormal(Median / 2, Sigma));
    }

    /// <summary>Now and then one of the ways stalls.</summary>
    public sealed record WithStalls(Latency Usual, double Probability, TimeSpan Longest) : Latency
    {
        public override (TimeSpan Out, TimeSpan Back) Draw(Random random)
        {
            var (@out, back) = Usual.Draw(random);
            return (@out + Stall(random), back + Stall(random));
        }

        private TimeSpan Stall(Random random) => random.Happens(Probability) ? random.UpTo(Longest) : TimeSpan.Zero;
    }
}
