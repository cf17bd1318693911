using CioOrleans.Addressing;
using CioOrleans.Attempts;
using CioOrleans.Configuration;
using CioOrleans.Customers;
using CioOrleans.Delivery;
using CioOrleans.Delivery.Forwarding;
using CioOrleans.Delivery.Sends;
using CioOrleans.Limits;

namespace CioOrleans.Api.App;

/// <summary>
/// Forwards a message or a broadcast as soon as its limit has room, and never sends it twice. It makes another attempt only if the attempt before
/// certainly sent nothing, and only while the caller waits.
/// </summary>
internal sealed partial class SendForwarder(IGrainFactory grains, GrainKeys keys, ForwardPermits permits, SendClient client, TimeProvider time, ILogger<SendForwarder> logger)
{
    /// <summary>How long an attempt may take that starts at the deadline. With the default deadline every caller is answered before its SDK gives up.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// The pause between two attempts while Customer.io is unreachable. Without it the loop would spin, because the permits are returned at once.
    /// </summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    private static readonly SendOutcome.NoRoom _customerBehind = new(
        "Calls accepted for this customer before have not been delivered yet (X-Dispatch-After: customer).", TimeSpan.FromSeconds(5));

    /// <summary>Sends the message, or returns why it was not sent.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="message">The message.</param>
    /// <param name="after">The ordering key of the customer whose earlier calls must be delivered first; null for none.</param>
    /// <param name="beganAt">When the request arrived, as a timestamp of the <see cref="TimeProvider"/>.</param>
    /// <param name="callerGone">Cancelled when the caller has gone. A message that was not sent by then is not sent.</param>
    public async Task<SendOutcome> SendAsync(WorkspaceSettings workspace, SendRequest message, string? after, long beganAt, CancellationToken callerGone)
    {
        if (after is not null && await WaitForCustomerAsync(workspace, after, beganAt) is { } tooLate)
        {
            return tooLate;
        }

        SendOutcome notSent = new SendOutcome.NoRoom("The limit is used up.", TimeSpan.FromSeconds(1));
        while (!callerGone.IsCancellationRequested && Left(workspace, beganAt) is var left && left > TimeSpan.Zero)
        {
            var grant = await permits.AcquireAsync(workspace.Name, message.LimitClass, left, () => Left(workspace, beganAt) + _grace);
            if (grant is not ForwardGrant.Granted { Permit: var permit })
            {
                return (grant, notSent) switch
                {
                    (ForwardGrant.Refused, SendOutcome.Unreachable) => notSent,
                    (ForwardGrant.Refused refused, _) => new SendOutcome.NoRoom(refused.Reason, refused.RetryAfter),
                    _ => SendOutcome.Unavailable.Instance,
                };
            }

            AttemptResult attempt;
            await using (permit)
            {
                // A caller that has gone repeats the message, so this one must not be sent too.
                if (callerGone.IsCancellationRequested)
                {
                    break;
                }

                attempt = await client.SendAsync(workspace, message, permit);
            }

            if (Conclude(workspace, message, attempt) is { } outcome)
            {
                return outcome;
            }

            if (attempt is AttemptResult.NoResponse or AttemptResult.PermitExpired)
            {
                notSent = SendOutcome.Unreachable.Instance;
                await Task.Delay(_pause, time, CancellationToken.None);
            }
        }

        return notSent;
    }

    private async ValueTask<SendOutcome?> WaitForCustomerAsync(WorkspaceSettings workspace, string customer, long beganAt)
    {
        try
        {
            var grain = grains.GetCustomer(keys, new CustomerAddress(workspace.Name, customer));
            return await grain.WaitUntilDelivered(Left(workspace, beganAt)) ? null : _customerBehind;
        }
        catch (Exception exception)
        {
            LogNotAsked(workspace.Name, exception);
            return SendOutcome.Unavailable.Instance;
        }
    }

    private SendOutcome? Conclude(WorkspaceSettings workspace, SendRequest message, AttemptResult attempt)
    {
        switch (attempt)
        {
            case AttemptResult.Response response when OutcomeTable.JudgeSend(response.Status).IsAnswer():
                return new SendOutcome.Answered(response);

            case AttemptResult.Response response when OutcomeTable.JudgeSend(response.Status) == AttemptOutcome.Unknown:
                LogUnknown(workspace.Name, message.LimitClass.ToName(), $"Customer.io answered {response.Status}");
                return new SendOutcome.Unknown(response.Status, $"Customer.io answered {response.Status}.", response);

            case AttemptResult.NoResponse lost when OutcomeTable.JudgeSend(lost.Kind) == AttemptOutcome.Unknown:
                var (status, reason) = lost.Kind == FailureKind.TimedOut
                    ? (StatusCodes.Status504GatewayTimeout, "Customer.io did not answer in time.")
                    : (StatusCodes.Status502BadGateway, "The connection to Customer.io broke.");
                LogUnknown(workspace.Name, message.LimitClass.ToName(), reason);
                return new SendOutcome.Unknown(status, reason, null);

            case AttemptResult.Unsendable unsendable:
                return new SendOutcome.Unsendable(unsendable.Reason);

            default:
                return null;
        }
    }

    private TimeSpan Left(WorkspaceSettings workspace, long beganAt) => workspace.Sends.Deadline - time.GetElapsedTime(beganAt);
}
