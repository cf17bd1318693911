using CioOrleans.Calls;
using CioOrleans.Customers;

namespace CioOrleans.Api.Handover;

/// <summary>Where the front-end hands accepted calls over.</summary>
public interface ICallSink
{
    /// <summary>Returns once the call is on stable storage, or was refused. Never throws.</summary>
    /// <param name="workspace">The name of the workspace.</param>
    /// <param name="customer">The ordering key; see <see cref="CustomerKey"/>.</param>
    /// <param name="call">The call.</param>
    ValueTask<AcceptResult> AcceptAsync(string workspace, string customer, Call call);

    /// <summary>The same, unless <paramref name="maxQueued"/> calls or more wait in the queue already.</summary>
    ValueTask<AcceptResult> AcceptUpToAsync(string workspace, string customer, Call call, int maxQueued);

    /// <summary>
    /// A send under a key. Where too much waits for it to be stored, a key that is bound already is found all the same. Never throws.
    /// </summary>
    /// <param name="workspace">The name of the workspace.</param>
    /// <param name="customer">The ordering key of the queue that it joins where it is new.</param>
    /// <param name="call">The send.</param>
    /// <param name="key">Its key.</param>
    ValueTask<KeyedAccept> AcceptSendAsync(string workspace, string customer, Call call, SendKey key);

    /// <summary>Several calls of one customer, which keep their order; no merge among them. Never throws.</summary>
    /// <param name="workspace">The name of the workspace.</param>
    /// <param name="customer">The ordering key.</param>
    /// <param name="calls">The calls.</param>
    /// <returns>One result a call, in their order; a single refusal where none of them could be handed over.</returns>
    ValueTask<IReadOnlyList<AcceptResult>> AcceptManyAsync(string workspace, string customer, IReadOnlyList<Call> calls);
}
