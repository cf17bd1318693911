using CioOrleans.Configuration;

namespace CioOrleans.Api.App;

/// <summary>What the headers of a send ask of the dispatcher.</summary>
/// <param name="Durable">To store it and answer before it is sent (<c>Prefer: respond-async</c>, or the workspace's setting).</param>
/// <param name="AfterCustomer">To send it only after all calls that were accepted before it for its person (<c>X-Dispatch-After: customer</c>).</param>
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
