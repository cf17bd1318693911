using System.Text;
using CioOrleans.Calls;

namespace CioOrleans.Api.Pipelines;

/// <summary>What tells a repeat of one person's calls in a batch, which become one call: all of them together.</summary>
/// <param name="place">The index of the first of them in the batch.</param>
internal sealed class PipelinesKeys(int place)
{
    private readonly List<DuplicateKey> _contents = [];
    private readonly List<DuplicateKey> _messages = [];
    private bool _isNamed = true;

    public int Place => place;

    /// <summary>The key of their <c>messageId</c>s; null where one has none. That of a single call is the one that it has on its own.</summary>
    public DuplicateKey? Own => !_isNamed ? null : _messages.Count == 1 ? _messages[0] : DuplicateKey.OfMessageId(Join(_messages));

    /// <summary>Stands for what they say.</summary>
    public byte[] Content => Join(_contents);

    /// <param name="call">As it was sent; empty where its content is not looked at.</param>
    /// <param name="message">The key of its <c>messageId</c>; null where it has none.</param>
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
