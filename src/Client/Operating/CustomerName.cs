using CioOrleans.Customers;

namespace CioOrleans.Client.Operating;

/// <summary>How an operator names a customer.</summary>
public static class CustomerName
{
    private static readonly string[] _keys =
    [
        "id:", "cio:", "anonymous:", "anonymous-queue:", "segment:", "form:", "delivery:", "delivery-queue:", "nobody:", "open:",
        "phone:", "object:", "cio-object:", "group:", "send:",
    ];

    /// <summary>The ordering key that a name means. The name is an ordering key or a v1 path value; an e-mail address is normalised.</summary>
    public static string ToKey(string name) =>
        name.StartsWith("email:", StringComparison.Ordinal) ? CustomerKey.FromEmail(name["email:".Length..])
        : _keys.Any(key => name.StartsWith(key, StringComparison.Ordinal)) ? name
        : CustomerKey.FromPathValue(name);
}
