using CioOrleans.Api.Answers;
using CioOrleans.Calls;

namespace CioOrleans.Api.Pipelines;

/// <summary>A request made into calls, each with the queue it joins, or the reason why not.</summary>
/// <param name="Calls">In the order of the request; no customer comes twice.</param>
/// <param name="Refusal">Null where the request is taken.</param>
internal sealed record PipelinesIntake(IReadOnlyList<(string Customer, Call Call)> Calls, Refusal? Refusal)
{
    public static PipelinesIntake Taken(params IReadOnlyList<(string Customer, Call Call)> calls) => new(calls, null);

    public static PipelinesIntake Refused(Refusal refusal) => new([], refusal);
}
