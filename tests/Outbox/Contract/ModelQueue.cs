using CioOrleans.Grains.Outbox;

namespace CioOrleans.Outbox.Tests.Contract;

internal sealed class ModelQueue
{
    public List<OutboxRow> Rows { get; } = [];

    /// <summary>The highest sequence ever given out.</summary>
    public long Last { get; set; }
}
