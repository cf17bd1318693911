using CioOrleans.Grains.Outbox;

namespace CioOrleans.Postgres.Outbox.Writes;

internal sealed class BeginSendWrite(RowKey row, Guid attempt) : RowWrite
{
    private bool _hasBegun;

    protected override WriteResult Outcome => _hasBegun ? WriteResult.Written.Instance : WriteResult.Refused.Instance;

    public override void CollectCustomers(CustomerIds customers) => customers.Want(row.Customer);

    public override void AddTo(WriteBatch batch)
    {
        _hasBegun = false;
        batch.BeginSend(row, attempt, () => _hasBegun = true);
    }
}
