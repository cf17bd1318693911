using System.Diagnostics.CodeAnalysis;
using CioOrleans.Api.Answers;
using CioOrleans.Calls;

namespace CioOrleans.Api.Track;

/// <summary>The call of a request with its queue, or the refusal of the request.</summary>
internal readonly struct Intake
{
    private Intake(Call? call, string? customer, Refusal? refusal)
    {
        Call = call;
        Customer = customer;
        Refusal = refusal;
    }

    public Call? Call { get; }

    public string? Customer { get; }

    public Refusal? Refusal { get; }

    [MemberNotNullWhen(true, nameof(Call), nameof(Customer))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsTaken => Refusal is null;

    public static Intake Taken(Call call, string customer) => new(call, customer, null);

    public static Intake Refused(Refusal refusal) => new(null, null, refusal);
}
