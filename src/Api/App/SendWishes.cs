using CioOrleans.Configuration;

namespace CioOrleans.Api.App;

/// <summary>What a send asks of the dispatcher, by its headers.</summary>
/// <param name="Durable">To be stored, and sent when it may be (<c>Prefer: respond-async</c>, or the workspace's setting).</param>
/// <param name="AfterCustomer">To go only after everything accepted for its person before (<c>X-Dispatch-After: customer</c>).</param>
internal readonly record struct SendWishes(bool Durable, bool AfterCustomer)
{
    private const string AfterHeader = "X-Dispatch-After";

    /// <summary>Returns what is wrong with the headers, or null.</summary>
    public static string? Read(IHeaderDictionary headers, SendSettings settings, out SendWishes wishes)
    {
        var after = headers[AfterHeader].ToString();
        var prefers = headers["Prefer"].SelectMany(line => (line ?? "").Split(',')).Any(p => p.Split(';')[0].Trim().Equals("respond-async", StringComparison.OrdinalIgnoreCase));
        wishes = new SendWishes(prefers || settings.Mode == SendMode.Durable, after.Equals("customer", StringComparison.OrdinalIgnoreCase));
        return after.Length == 0 || wishes.AfterCustomer ? null : $"{AfterHeader} knows no other value than \"customer\". Send that, or leave it out.";
    }
}
