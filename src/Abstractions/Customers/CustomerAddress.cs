using System.Buffers;
using System.Globalization;
using System.Text;

namespace CioOrleans.Customers;

/// <summary>A queue's address: a workspace and an ordering key within it. Calls of one address are delivered in order.</summary>
/// <param name="Workspace">The name of the workspace in the settings; never holds a slash.</param>
/// <param name="Customer">The ordering key, such as <c>id:42</c>; see <see cref="CustomerKey"/>.</param>
[GenerateSerializer, Immutable, Alias("cio.CustomerAddress")]
public readonly record struct CustomerAddress([property: Id(0)] string Workspace, [property: Id(1)] string Customer)
{
    private static readonly SearchValues<char> _plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:/@._-+=~*$!&#?|^");

    /// <summary>
    /// The key of the customer's grain: <c>workspace/customer</c>, without blanks, quotes, brackets and all that is not ASCII. So a key in a log ends where it ends, and can be taken out.
    /// </summary>
    public string ToGrainKey() => string.Concat(Workspace, "/", Customer.AsSpan().ContainsAnyExcept(_plain) ? Escape(Customer) : Customer);

    /// <summary>Reads a grain's key: the first slash ends the workspace.</summary>
    public static CustomerAddress FromGrainKey(string grainKey)
    {
        var slash = grainKey.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            ? new CustomerAddress(grainKey[..slash], Unescape(grainKey[(slash + 1)..]))
            : throw new ArgumentException($"'{grainKey}' is not 'workspace/customer'.", nameof(grainKey));
    }

    public override string ToString() => ToGrainKey();

    /// <summary>By UTF-16 unit, so that half of a surrogate pair comes back too.</summary>
    private static string Escape(string customer)
    {
        var escaped = new StringBuilder(customer.Length + 16);
        foreach (var c in customer)
        {
            _ = _plain.Contains(c) ? escaped.Append(c) : escaped.Append(CultureInfo.InvariantCulture, $"%{(int)c:x4}");
        }

        return escaped.ToString();
    }

    private static string Unescape(string customer)
    {
        if (!customer.Contains('%', StringComparison.Ordinal))
        {
            return customer;
        }

        var text = new StringBuilder(customer.Length);
        for (var i = 0; i < customer.Length; i++)
        {
            if (customer[i] != '%')
            {
                text.Append(customer[i]);
                continue;
            }

            text.Append((char)ushort.Parse(customer.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            i += 4;
        }

        return text.ToString();
    }
}
