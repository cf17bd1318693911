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

    /// <summary>The customer as it is written in its grain's key: without white space, quotes, brackets and characters outside of ASCII.</summary>
    internal string Escaped => Customer.AsSpan().ContainsAnyExcept(_plain) ? Escape(Customer) : Customer;

    /// <summary>Parses <see cref="Escaped"/>.</summary>
    internal static CustomerAddress FromEscaped(string workspace, string escaped) => new(workspace, Unescape(escaped));

    public override string ToString() => string.Concat(Workspace, "/", Escaped);

    /// <summary>Escapes each UTF-16 unit by itself, so that a lone surrogate survives too.</summary>
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
