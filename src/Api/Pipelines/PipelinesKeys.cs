using System.Text;
using CioOrleans.Calls;

namespace CioOrleans.Api.Pipelines;

/// <summary>The duplicate keys of one customer's items in a batch. The items become one call, so each key is made of all of them.</summary>
/// <param name="place">The index of the first item in the batch.</param>
internal sealed class PipelinesKeys(int place)
{
    private readonly List<DuplicateKey> _contents = [];
    private readonly List<DuplicateKey> _messages = [];
    private bool _isNamed = true;

    public int Place => place;

    /// <summary>The key of all <c>messageId</c>s; null if one is missing. A single item has the same key as outside a batch.</summary>
    public DuplicateKey? Own => !_isNamed ? null : _messages.Count == 1 ? _messages[0] : DuplicateKey.OfMessageId(Join(_messages));

    /// <summary>A digest of the content of all items.</summary>
    public byte[] Content => Join(_contents);

    /// <param name="call">The item as it was sent; empty if its content is not compared.</param>
    /// <param name="message">The key of its <c>messageId</c>; null if it has none.</param>
    public void Add(ReadOnlySpan<byte> call, DuplicateKey? message)
    {
        if (!call.IsEmpty)
        {
            _contents.Add(DuplicateKey.OfRequest("", "", call));
        }

        _isNamed &= message is not null;
        if (message is { } key)
        {
            _messages.Add(key);
        }
    }

    private static byte[] Join(List<DuplicateKey> keys) => Encoding.ASCII.GetBytes(string.Concat(keys));
}
