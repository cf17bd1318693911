namespace CioOrleans.Sqlite.Outbox;

/// <summary>One customer's recent rows, in the order of their sequences.</summary>
internal sealed class RecentQueue(long workspaceId, long customerId)
{
    public long WorkspaceId => workspaceId;

    public long CustomerId => customerId;

    public List<RecentRow> Rows { get; } = [];

    /// <summary>Whether the current transaction has marked rows of this queue.</summary>
    public bool IsTouched { get; set; }

    /// <summary>The row with a sequence; null if there is none, or if the current transaction has marked it.</summary>
    public RecentRow? Find(long sequence)
    {
        var (low, high) = (0, Rows.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var row = Rows[middle];
            if (row.Sequence == sequence)
            {
                return row.IsGone ? null : row;
            }

            (low, high) = row.Sequence < sequence ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }
}
