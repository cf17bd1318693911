using CioOrleans.Api.Answers;
using CioOrleans.Calls;
using CioOrleans.Refusing;

namespace CioOrleans.Api.Pipelines;

/// <summary>What becomes of a request: its valid calls with their queues and its invalid calls, or the refusal of the request.</summary>
/// <param name="Calls">The valid calls, in the order of the request. No customer occurs twice.</param>
/// <param name="Refusal">Null if the request is accepted.</param>
internal sealed record PipelinesIntake(IReadOnlyList<(string Customer, Call Call)> Calls, Refusal? Refusal)
{
    /// <summary>The invalid calls of an accepted request, in the order of the request (default: none).</summary>
    public IReadOnlyList<InvalidCall> Invalid { get; init; } = [];

    public static PipelinesIntake Taken(params IReadOnlyList<(string Customer, Call Call)> calls) => new(calls, null);

    public static PipelinesIntake Refused(params IReadOnlyList<string> problems) => new([], Refusal.BadRequest(problems));

    public static PipelinesIntake Refused(Refusal refusal) => new([], refusal);
}

/// <summary>A call that Customer.io would refuse in strict mode, and would answer with 200 and drop otherwise.</summary>
/// <param name="Reason">The kind of the defect.</param>
/// <param name="Problem">What is wrong, as a sentence that names the place of the call. Contains nothing from the body.</param>
/// <param name="Index">The place in the batch; null outside of a batch.</param>
/// <param name="Body">The call as received.</param>
internal sealed record InvalidCall(CallDefect Reason, string Problem, int? Index, ReadOnlyMemory<byte> Body);
