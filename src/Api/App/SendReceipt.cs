using System.Buffers.Text;
using System.Globalization;
using System.Text;
using CioOrleans.Customers;

namespace CioOrleans.Api.App;

/// <summary>Names a stored send in an address: its id, and the ordering key of its queue unless the id implies it.</summary>
internal readonly record struct SendReceipt(Ulid Id, string Customer)
{
    public static bool TryParse(ReadOnlySpan<char> text, out SendReceipt receipt)
    {
        receipt = default;
        var dot = text.IndexOf('.');
        if (!Ulid.TryParse(dot < 0 ? text : text[..dot], CultureInfo.InvariantCulture, out var id))
        {
            return false;
        }

        if (dot < 0)
        {
            receipt = new SendReceipt(id, CustomerKey.ForSend(id));
            return true;
        }

        try
        {
            receipt = new SendReceipt(id, Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text[(dot + 1)..])));
            return receipt.Customer.Length > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    public override string ToString() =>
        Customer == CustomerKey.ForSend(Id) ? Id.ToString() : $"{Id}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Customer))}";
}
