using CioOrleans.Calls;

namespace CioOrleans.Customers;

/// <summary>Accepts of tests that are not about deadlines: theirs is never reached.</summary>
internal static class UnhurriedAccepts
{
    public static AcceptDeadline Never { get; } = new(TimeSpan.MaxValue / 4);

    public static ValueTask<AcceptResult> Accept(this ICustomerGrain customer, Call call) => customer.Accept(call, Never);

    public static ValueTask<IReadOnlyList<AcceptResult>> AcceptMany(this ICustomerGrain customer, IReadOnlyList<Call> calls) => customer.AcceptMany(calls, Never);

    public static ValueTask<AcceptResult> Accept(this IMergeGrain merges, string primary, Call merge) => merges.Accept(primary, merge, Never);
}
