using CioOrleans.Attempts;
using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Delivery.Batches;

/// <summary>Which of the offered heads go into one request, and that request.</summary>
public sealed class BatchRequest
{
    /// <summary>Where batches are sent.</summary>
    public const string Target = "/api/v2/batch";

    private static readonly CallHeaders _headers =
        [new("Content-Type", "application/json"), new("User-Agent", $"CioOrleans/{typeof(BatchRequest).Assembly.GetName().Version!.ToString(3)}")];
    private static readonly byte[] _opening = "{\"batch\":["u8.ToArray();
    private static readonly byte[] _closing = "]}"u8.ToArray();

    private readonly List<Call> _calls = [];
    private readonly List<int> _members = [];
    private int _length = _opening.Length + _closing.Length;

    private BatchRequest()
    {
    }

    /// <summary>The places, among the offers, of those that go along; the n-th is the n-th operation of the request.</summary>
    public IReadOnlyList<int> Members => _members;

    /// <summary>The calls that go along, in the order of the request.</summary>
    public IReadOnlyList<Call> Calls => _calls;

    /// <summary>Takes the heads in their order, as far as they fit; one that alone is too long goes alone.</summary>
    public static BatchRequest Of(IReadOnlyList<BatchOffer> offers, int maxBytes)
    {
        var request = new BatchRequest();
        for (var i = 0; i < offers.Count; i++)
        {
            if (offers[i] is BatchOffer.Head head)
            {
                request.TryAdd(i, head.Call, maxBytes);
            }
        }

        return request;
    }

    /// <summary>
    /// What is to be sent; null where nobody goes along. One alone is sent as what it is. A batch has its members' headers where they all say
    /// the same, and else some of its own: one member's odd <c>Content-Type</c> must not speak for all.
    /// </summary>
    public Call? ToCall() => _calls.Count < 2
        ? _calls.SingleOrDefault()
        : _calls[0] with { Method = "POST", Target = Target, Headers = _calls.TrueForAll(call => call.Headers.Equals(_calls[0].Headers)) ? _calls[0].Headers : _headers, Body = Join() };

    /// <summary>An outcome a customer; those of the members are left for what the response says.</summary>
    public static DeliveryOutcome[] LeftBehind(IReadOnlyList<BatchOffer> offers) => [.. offers.Select(offer => offer switch
    {
        BatchOffer.Nothing nothing => nothing.Why,
        BatchOffer.Head head => new DeliveryOutcome.Unused(UnusedReason.DidNotFit, HeadState.Of(head.Call.LimitClass, head.Call.Priority, bytes: head.Call.Body.Length)),
        _ => throw new ArgumentException("An offer of another kind.", nameof(offers)),
    })];

    private void TryAdd(int place, Call call, int maxBytes)
    {
        var length = _length + call.Body.Length + (_calls.Count == 0 ? 0 : 1);
        if (_calls.Count == 0 || length <= maxBytes)
        {
            _calls.Add(call);
            _members.Add(place);
            _length = length;
        }
    }

    private byte[] Join()
    {
        var body = GC.AllocateUninitializedArray<byte>(_length);
        _opening.CopyTo(body, 0);
        var at = _opening.Length;
        foreach (var call in _calls)
        {
            if (at > _opening.Length)
            {
                body[at++] = (byte)',';
            }

            call.Body.CopyTo(body, at);
            at += call.Body.Length;
        }

        _closing.CopyTo(body, at);
        return body;
    }
}
