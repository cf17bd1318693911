using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Api.Submission;

/// <summary>Passes calls from the front-end to their customers' grains.</summary>
public interface ICallSink
{
    /// <summary>
    /// Accepts a call. Returns once the call is on stable storage or was refused. Never throws. Await it before the customer's next call: an accept that is under way may
    /// be overtaken.
    /// </summary>
    /// <param name="workspace">The name of the workspace.</param>
    /// <param name="customer">The ordering key; see <see cref="CustomerKey"/>.</param>
    /// <param name="call">The call.</param>
    ValueTask<AcceptResult> AcceptAsync(string workspace, string customer, Call call);

    /// <summary>Like <see cref="AcceptAsync"/>, but refuses the call if <paramref name="maxQueued"/> or more calls wait in its queue.</summary>
    ValueTask<AcceptResult> AcceptUpToAsync(string workspace, string customer, Call call, int maxQueued);

    /// <summary>Accepts a send under a key. While back-pressure refuses new sends, a key that is already bound is still found. Never throws.</summary>
    /// <param name="workspace">The name of the workspace.</param>
    /// <param name="customer">The ordering key of the queue that it joins if its key is new.</param>
    /// <param name="call">The send.</param>
    /// <param name="key">Its key.</param>
    ValueTask<KeyedAccept> AcceptSendAsync(string workspace, string customer, Call call, SendKey key);

    /// <summary>Accepts several calls of one customer, in their order. None may be a merge. Never throws.</summary>
    /// <param name="workspace">The name of the workspace.</param>
    /// <param name="customer">The ordering key.</param>
    /// <param name="calls">The calls.</param>
    /// <returns>One result per call, in their order; a single refusal if none could be passed to the grain.</returns>
    ValueTask<IReadOnlyList<AcceptResult>> AcceptManyAsync(string workspace, string customer, IReadOnlyList<Call> calls);
}
