using CioOrleans.Discarding;
using CioOrleans.Explaining;
using CioOrleans.Limits;

namespace CioOrleans.Grains.Workspaces;

internal sealed partial class WorkspaceGrain
{
    /// <summary>Reading every waiting call is for people, and must not keep a reader busy for minutes.</summary>
    private static readonly TimeSpan _searchPatience = TimeSpan.FromSeconds(10);

    public ValueTask<CustomerStanding> GetStanding(string customer, LimitClass limitClass) => ValueTask.FromResult(_scheduler.Explain(customer, limitClass));

    public async ValueTask<string?> FindCustomer(Ulid callId)
    {
        using var patience = new CancellationTokenSource(_searchPatience, _time);
        try
        {
            return await _outbox.FindCustomerAsync(_name, callId, patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The call {callId} was not found within {_searchPatience.TotalSeconds:0} s.");
        }
    }

    public ValueTask<MatchPage> FindCalls(CallFilter filter, long? after) => _outbox.FindCallsAsync(_name, filter, after);
}
