using CioOrleans.Addressing;
using CioOrleans.Api.Answers;
using CioOrleans.Api.Deduplication;
using CioOrleans.Api.Forwarding;
using CioOrleans.Api.Submission;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Delivery.Sends;

namespace CioOrleans.Api.App;

/// <summary>
/// Stores sends that have an <c>Idempotency-Key</c> and waits for their end. A repeat with the same key gets the same send, on any silo and after any
/// crash, because the commit that stores the send also binds the key.
/// </summary>
internal sealed partial class KeyedSends(ICallSink sink, IGrainFactory grains, GrainKeys keys, DurableSends durable, KeptHeaders headers, TimeProvider time, ILogger<KeyedSends> logger)
{
    /// <summary>The longest wait of one grain call. A silo that dies delays a caller by at most this plus <see cref="_grace"/>.</summary>
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a grain call may take in addition to its wait.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(1);

    /// <summary>The pause after a grain call that failed.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Stores a send unless its key is bound already, and answers its result.</summary>
    /// <param name="context">The request.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="message">The message.</param>
    /// <param name="key">The key as it was sent.</param>
    /// <param name="customer">The ordering key of the queue that it joins; null if the caller asked for no order.</param>
    /// <param name="waits">True if the caller waits for the end of the send; false if it gets the address of the result.</param>
    /// <param name="beganAt">When the request arrived, as a timestamp of the <see cref="TimeProvider"/>.</param>
    public async Task AnswerAsync(HttpContext context, WorkspaceSettings workspace, SendRequest message, string key, string? customer, bool waits, long beganAt)
    {
        if (headers.Of(context.Request.Headers, out var tooLarge) is not { } kept)
        {
            Answer.Refuse(context.Response, tooLarge!, ErrorShape.Single);
            return;
        }

        var acceptedAt = time.GetUtcNow();
        var id = Ulid.NewUlid(acceptedAt);
        var accepted = await sink.AcceptSendAsync(
            workspace.Name,
            customer ?? CustomerKey.ForSend(id),
            new Call
            {
                Id = id,
                Kind = CallKind.Send,
                LimitClass = message.LimitClass,
                Method = HttpMethods.Post,
                Target = message.Target,
                Headers = kept,
                Notes = RequestKeys.NotesOf(context.Request.Headers),
                Body = message.Body,
                AcceptedAt = acceptedAt,
            },
            IdempotencyKey.ToSendKey(key, message));
        switch (accepted)
        {
            case KeyedAccept.OtherContent:
                KeyedAnswer.OtherContent(context.Response);
                break;

            case KeyedAccept.Refused(var refusal):
                KeyedAnswer.Refused(context.Response, refusal);
                break;

            case KeyedAccept.Bound { Binding: var binding, IsNew: var isNew }:
                var receipt = new SendReceipt(binding.CallId, binding.Customer);
                if (waits)
                {
                    KeyedAnswer.Write(context.Response, await WaitAsync(workspace, binding, beganAt, context.RequestAborted), receipt);
                }
                else
                {
                    await durable.ReceiptAsync(context.Response, workspace, receipt, isNew);
                }

                break;
        }
    }

    /// <summary>Asks the grain until the send has ended, the deadline has passed or the caller has gone. The last call does not wait.</summary>
    private async Task<SendState> WaitAsync(WorkspaceSettings workspace, SendBinding binding, long beganAt, CancellationToken callerGone)
    {
        var customer = new CustomerAddress(workspace.Name, binding.Customer);
        for (var isLast = false; !isLast;)
        {
            var left = workspace.Sends.Deadline - time.GetElapsedTime(beganAt);
            isLast = left <= TimeSpan.Zero || callerGone.IsCancellationRequested;
            if (await LookAsync(customer, binding.CallId, isLast ? TimeSpan.Zero : left < _look ? left : _look) is not SendState.Waiting and { } state)
            {
                return state;
            }
        }

        return new SendState.Waiting(null);
    }

    private async Task<SendState?> LookAsync(CustomerAddress customer, Ulid callId, TimeSpan patience)
    {
        try
        {
            // Look the grain up for each call: after a crash it is activated on another silo.
            var grain = grains.GetCustomer(keys, customer);
            var look = patience > TimeSpan.Zero ? grain.AwaitSend(callId, patience) : grain.GetSend(callId);
            return await look.AsTask().WaitAsync(patience + _grace, time);
        }
        catch (Exception exception)
        {
            LogNotAsked(customer.Workspace, exception);
            await Task.Delay(_pause, time);
            return null;
        }
    }
}
