using CioOrleans.Customers;
using CioOrleans.Leasing;

namespace CioOrleans.Simulation.Accepts;

/// <summary>Who looks at the deadline of an accept. A mutant leaves one of them out or has it judge wrongly.</summary>
internal sealed record AcceptRules
{
    /// <summary>Whether the grain refuses to number a call.</summary>
    public Func<AcceptDeadline, ClockBounds, bool> GrainRefuses { get; init; } = (deadline, now) => deadline.MayHavePassed(now);

    /// <summary>Whether the database refuses to store a call, by its own clock.</summary>
    public Func<AcceptDeadline, TimeSpan, bool> DatabaseRefuses { get; init; } = (deadline, now) => deadline.MayHavePassed(ClockBounds.Exactly(now));

    /// <summary>Whether a caller may answer 503 to an accept whose outcome is unknown.</summary>
    public Func<AcceptDeadline, ClockBounds, bool> CallerGivesUp { get; init; } = (deadline, now) => deadline.HasPassed(now);
}
