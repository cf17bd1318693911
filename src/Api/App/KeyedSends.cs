using CioOrleans.Api.Answers;
using CioOrleans.Api.Forwarding;
using CioOrleans.Api.Handover;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Grains;

namespace CioOrleans.Api.App;

/// <summary>
/// Sends under an <c>Idempotency-Key</c>: stored, and waited for. Whoever offers the same key again gets the same send, on any silo and after any
/// crash, because the key is bound in the commit that stores the send.
/// </summary>
internal sealed partial class KeyedSends(ICallSink sink, IGrainFactory grains, GrainKeys keys, DurableSends durable, KeptHeaders headers, TimeProvider time, ILogger<KeyedSends> logger)
{
    /// <summary>The longest wait of one grain call: a silo that dies costs a caller no more than that and <see cref="_grace"/>.</summary>
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(500);

    /// <summary>What a grain call may take beside its waiting.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(1);

    /// <summary>The pause after a look that failed.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Stores a send unless its key is bound already, and answers what became of it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="message">The message.</param>
    /// <param name="key">The key as it was sent.</param>
    /// <param name="customer">The queue that it joins; null where no order was asked for.</param>
    /// <param name="waits">Whether the caller waits for the end; otherwise it is told where to look.</param>
    /// <param name="beganAt">When the request came, as a monotonic timestamp.</param>
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

    /// <summary>Looks until the send has ended or the deadline is over. The last look is at the store.</summary>
    private async Task<SendState> WaitAsync(WorkspaceSettings workspace, SendBinding binding, long beganAt, CancellationToken callerGone)
    {
        var customer = new CustomerAddress(workspace.Name, binding.Customer);
        var isLast = false;
        while (true)
        {
            var left = workspace.Sends.Deadline - time.GetElapsedTime(beganAt);
            isLast = left <= TimeSpan.Zero || callerGone.IsCancellationRequested;
            if (await LookAsync(customer, binding.CallId, isLast ? TimeSpan.Zero : left < _look ? left : _look) is not SendState.Waiting and { } state)
            {
                return state;
            }

            if (isLast)
            {
                return new SendState.Waiting(null);
            }
        }
    }

    private async Task<SendState?> LookAsync(CustomerAddress customer, Ulid callId, TimeSpan patience)
    {
        try
        {
            // For every look again: after a crash the grain is activated elsewhere.
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
