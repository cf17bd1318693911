namespace CioOrleans.Sandbox.Reporting;

/// <summary>One order violation or duplicate.</summary>
/// <param name="Customer">Whose.</param>
/// <param name="Kind"><c>order</c>, <c>duplicate</c> or <c>stale-duplicate</c>.</param>
/// <param name="Seq">The call's number.</param>
/// <param name="Highest">The highest processed before it.</param>
/// <param name="Operation">The how manyeth processed operation it was, from 1.</param>
public sealed record OrderProblem(string Customer, string Kind, long Seq, long Highest, long Operation);
