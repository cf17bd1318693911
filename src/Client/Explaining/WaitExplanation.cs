namespace CioOrleans.Client.Explaining;

/// <summary>Why a call that waits is where it is.</summary>
/// <param name="State">Where it is.</param>
/// <param name="Causes">What it waits for, the nearest first; empty while it is being sent.</param>
/// <param name="ExpectedIn">When it should go out, at the present rates; null where that depends on people or on Customer.io.</param>
public sealed record WaitExplanation(CallState State, IReadOnlyList<WaitCause> Causes, TimeSpan? ExpectedIn);
