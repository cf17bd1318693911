namespace CioOrleans.Sandbox.Reporting;

/// <summary>One order violation or duplicate.</summary>
/// <param name="Customer">The customer.</param>
/// <param name="Kind"><c>order</c>, <c>duplicate</c> or <c>stale-duplicate</c>.</param>
/// <param name="Seq">The seq of the call.</param>
/// <param name="Highest">The highest seq that was processed before it.</param>
/// <param name="Operation">The number of the operation among all processed ones, from 1.</param>
public sealed record OrderProblem(string Customer, string Kind, long Seq, long Highest, long Operation);
