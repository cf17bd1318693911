namespace CioOrleans.Sandbox.Reporting;

public sealed class LedgerTests
{
    [Fact]
    public void A_waiter_is_not_released_by_one_request_while_another_is_recorded_in_part()
    {
        var ledger = new Ledger();
        var both = ledger.WaitForProcessed(2, CancellationToken.None);
        ledger.BeginRequest();
        ledger.Record("a", new ProcessedCall(1));
        ledger.BeginRequest();
        ledger.Record("b", new ProcessedCall(1));

        ledger.EndRequest();
        Assert.Equal((false, false), (both.IsCompleted, ledger.WaitForProcessed(2, CancellationToken.None).IsCompleted));

        ledger.EndRequest();
        Assert.Equal((true, true), (both.IsCompleted, ledger.WaitForProcessed(2, CancellationToken.None).IsCompleted));
    }
}
