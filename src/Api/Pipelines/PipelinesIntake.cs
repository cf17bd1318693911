using CioOrleans.Api.Answers;
using CioOrleans.Calls;

namespace CioOrleans.Api.Pipelines;

/// <summary>The calls of a request with their queues, or the refusal of the request.</summary>
/// <param name="Calls">The calls, in the order of the request. No customer occurs twice.</param>
/// <param name="Refusal">Null if the request is accepted.</param>
internal sealed record PipelinesIntake(IReadOnlyList<(string Customer, Call Call)> Calls, Refusal? Refusal)
{
    public static PipelinesIntake Taken(params IReadOnlyList<(string Customer, Call Call)> calls) => new(calls, null);

    public static PipelinesIntake Refused(Refusal refusal) => new([], refusal);
}
