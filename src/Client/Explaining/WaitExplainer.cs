using CioOrleans.Customers;
using CioOrleans.Explaining;
using CioOrleans.Limits;

namespace CioOrleans.Client.Explaining;

/// <summary>Puts together what a customer and its workspace know of a call that waits. An estimate: faults and new traffic are not foretold.</summary>
public static class WaitExplainer
{
    /// <summary>What a request and the grain calls around it are taken to last.</summary>
    private static readonly TimeSpan _roundTrip = TimeSpan.FromMilliseconds(100);

    /// <summary>Explains a call.</summary>
    /// <param name="ahead">Calls of its customer that go first.</param>
    /// <param name="status">What the customer says; a call must wait.</param>
    /// <param name="standing">What the workspace says; null where it cannot be asked.</param>
    /// <param name="merge">The other person, where the head is of a merge.</param>
    /// <param name="now">Now (UTC).</param>
    public static WaitExplanation Explain(long ahead, CustomerStatus status, CustomerStanding? standing, string? merge, DateTimeOffset now)
    {
        var isSending = status.InFlight || standing?.Activity is CustomerActivity.InFlight;
        var isRetrying = standing?.Activity is CustomerActivity.Waiting || (status.Head.NotBefore > now && !isSending);
        List<WaitCause> causes = [];
        if (ahead > 0)
        {
            causes.Add(new WaitCause.CallsAhead(ahead, status.HeadId));
        }

        if (isRetrying && status.Held is null)
        {
            causes.Add(new WaitCause.Retry(status.HeadId, status.Head.Attempts, status.HeadError, standing?.DueIn is { } due ? now + due : status.Head.NotBefore));
        }

        if (status.Held is { } held)
        {
            causes.Add(new WaitCause.DeadLetterAhead(held.Id, held.Reason, held.DiedAt));
            return new WaitExplanation(CallState.Held, causes, ExpectedIn: null);
        }

        if (standing is not null && !isSending)
        {
            AddCauses(causes, standing, merge, now);
        }

        var state = ahead > 0 ? CallState.Waiting : isSending ? CallState.InFlight : isRetrying ? CallState.WaitingForRetry : CallState.Waiting;
        return new WaitExplanation(state, causes, standing is null ? null : ExpectedIn(ahead, standing, status, now));
    }

    private static void AddCauses(List<WaitCause> causes, CustomerStanding standing, string? merge, DateTimeOffset now)
    {
        if (standing.OperatorPause is { } pause)
        {
            causes.Add(new WaitCause.OperatorPause(pause));
        }

        if (standing.Trouble is { } trouble)
        {
            causes.Add(standing.IsMisconfigured ? new WaitCause.Misconfigured(standing.Host, trouble, standing.ProbeIn) : new WaitCause.Outage(standing.Host, trouble, standing.ProbeIn));
        }

        if (standing.Activity == CustomerActivity.Parked)
        {
            causes.Add(new WaitCause.Merge(merge));
        }

        if (standing.Limit is not { } limit)
        {
            return;
        }

        var name = string.Join(", ", limit.Classes.Select(limitClass => limitClass.ToName()));
        if (limit.PausedUntil > now)
        {
            causes.Add(new WaitCause.LimitPaused(name, limit.PausedUntil.Value));
        }

        if (standing.Activity == CustomerActivity.Ready)
        {
            causes.Add(new WaitCause.LimitUsed(name, limit.Limits, limit.Rate, standing.Ahead));
        }
    }

    /// <summary>The time until the head leaves, and then one round of all ready customers for each call before this one: a customer that has sent goes to the end of the line.</summary>
    private static TimeSpan? ExpectedIn(long ahead, CustomerStanding standing, CustomerStatus status, DateTimeOffset now)
    {
        if (standing.OperatorPause is not null || standing.Trouble is not null || standing.Activity == CustomerActivity.Parked
            || (standing.Activity == CustomerActivity.Ready && standing.Ahead is null && standing.ReadyInLimit == 0))
        {
            return null;
        }

        var customersASecond = standing.Limit is { } limit ? limit.Rate * Math.Clamp(standing.ReadyInLimit, 1, Math.Max(1, standing.MostTogether)) : 0;
        TimeSpan Turns(double customers) => customersASecond > 0 ? TimeSpan.FromSeconds(customers / customersASecond) : TimeSpan.Zero;
        var opensIn = standing.LimitOpensIn ?? TimeSpan.Zero;
        if (standing.Limit?.PausedUntil - now is { } paused && paused > opensIn)
        {
            opensIn = paused;
        }

        var head = standing.Activity switch
        {
            CustomerActivity.InFlight or CustomerActivity.Settling => TimeSpan.Zero,
            CustomerActivity.Waiting => standing.DueIn ?? (status.Head.NotBefore is { } notBefore && notBefore > now ? notBefore - now : TimeSpan.Zero),
            CustomerActivity.Ready => opensIn + Turns(standing.Ahead ?? standing.ReadyInLimit),
            _ => opensIn,
        };
        var round = Turns(standing.ReadyInLimit);
        return head + (ahead * (round > _roundTrip ? round : _roundTrip));
    }
}
