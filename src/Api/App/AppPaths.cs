using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Api.App;

/// <summary>Tells the paths of the App API apart.</summary>
internal static class AppPaths
{
    /// <summary>Where the results of stored sends stand.</summary>
    public const string Results = "/dispatch/sends/";

    private const string Root = "/v1/";
    private const string Sends = "/v1/send/";
    private const string Campaigns = "/v1/campaigns/";
    private const string Triggers = "/triggers";

    /// <summary>What a request is; <paramref name="subject"/> is then the kind of message, or the receipt.</summary>
    public static AppPath Find(string method, ReadOnlySpan<char> path, out ReadOnlySpan<char> subject)
    {
        subject = default;
        if (path.StartsWith(Results, StringComparison.Ordinal))
        {
            subject = path[Results.Length..];
            return AppPath.Result;
        }

        if (!path.StartsWith(Root, StringComparison.Ordinal))
        {
            return AppPath.None;
        }

        if (method == HttpMethods.Post && path.StartsWith(Sends, StringComparison.Ordinal))
        {
            subject = path[Sends.Length..];
            return AppPath.Send;
        }

        return method == HttpMethods.Post && path.StartsWith(Campaigns, StringComparison.Ordinal) && path.EndsWith(Triggers, StringComparison.Ordinal)
            ? AppPath.Broadcast
            : AppPath.Query;
    }

    /// <summary>The limit class of a kind of message. One that Customer.io may yet invent counts as the least urgent.</summary>
    public static LimitClass ClassOf(ReadOnlySpan<char> kind, SendSettings settings) => kind switch
    {
        "email" => LimitClass.TransactionalEmail,
        "sms" => settings.Sms,
        "in_app" => settings.InApp,
        "inbox_message" => settings.InboxMessage,
        _ => LimitClass.TransactionalPush,
    };
}
