namespace CioOrleans.Sandbox.Reporting;

/// <summary>The calls that were processed for one customer.</summary>
/// <param name="Customer">The decoded path value, or the v2 identifier.</param>
/// <param name="Calls">Calls, including repeats and calls without a seq.</param>
/// <param name="DistinctSeqs">Different seqs.</param>
/// <param name="MissingSeqs">Gaps between the lowest and the highest seq.</param>
/// <param name="OrderViolations">See <see cref="OrderReport.OrderViolations"/>.</param>
/// <param name="Duplicates">See <see cref="OrderReport.Duplicates"/>.</param>
public sealed record CustomerReport(string Customer, int Calls, int DistinctSeqs, long MissingSeqs, int OrderViolations, int Duplicates);
