namespace CioOrleans.Bench.Scenarios;

/// <summary>How large a burst is, and at which limit it leaves.</summary>
/// <param name="Permits">N, in any second.</param>
/// <param name="Customers">Whose calls come at once.</param>
/// <param name="CallsEach">How many of each.</param>
internal sealed record BurstSize(int Permits, int Customers, int CallsEach)
{
    public int Calls => Customers * CallsEach;

    public string Limit => $"{Permits}/1s";

    /// <summary>3,000 calls of 300 customers at 100 a second, 20,000 of 500 at 1,000.</summary>
    /// <param name="permits">N.</param>
    /// <param name="share">1 for the whole; less for a shorter run.</param>
    public static BurstSize At(int permits, double share = 1) =>
        permits < 1000 ? new(permits, permits * 3, Math.Max(2, (int)(10 * share))) : new(permits, permits / 2, Math.Max(2, (int)(40 * share)));
}
